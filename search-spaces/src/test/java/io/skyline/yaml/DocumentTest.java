package io.skyline.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.yaml.Value.Mapping;
import io.skyline.yaml.Value.Scalar;
import io.skyline.yaml.Value.Sequence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DocumentTest {
  private static Value read(String text) {
    return Document.read(text.getBytes(StandardCharsets.UTF_8), "x.yaml");
  }

  private static void refuses(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InvalidDocumentException.class)
        .message()
        .contains(parts);
  }

  @Test
  void everyValueKnowsItsPlace() {
    Mapping root = (Mapping) read("a: 1\nb:\n  - x\n  - {c: 'two'}\n");

    Sequence list = (Sequence) root.entry("b").orElseThrow().value();
    Mapping inner = (Mapping) list.items().get(1);
    Scalar two = (Scalar) inner.entry("c").orElseThrow().value();
    assertThat(two).isEqualTo(new Scalar(new Place("x.yaml", 4, 9), "two", true));
    assertThat(root.entry("b").orElseThrow().key().place()).hasToString("x.yaml:2:1");
  }

  @Test
  void aliasesStandForWhatTheyName() {
    Mapping root = (Mapping) read("a: &n [1, 2]\nb: *n\n");

    assertThat(root.entry("b").orElseThrow().value())
        .isSameAs(root.entry("a").orElseThrow().value());
  }

  @Test
  void refusesWhatIsNoSoundDocument() {
    refuses("", "x.yaml:1:1: the file is empty");
    refuses("# nothing\n", "the file is empty");
    refuses("a: 1\n---\nb: 2\n", "x.yaml:2:1: a second document begins here");
    refuses("a: [1, 2\n", "x.yaml:2:1: cannot be read as YAML");
    refuses("a: *b\n", "x.yaml:1:4: nothing is named '&b'");
    refuses("a: &b [*b]\n", "x.yaml:1:8: '*b' stands inside what it names");
    refuses("a: !!java.net.URL [x]\n", "x.yaml:1:4: the tag", "has no meaning here");
    refuses("[a]: 1\n", "a key is a word, not a list");
    refuses("a: {b: 1, b: 2}\n", "x.yaml:1:11: the key 'b' stands twice", "line 1");
    refuses("a: \u0007\n", "x.yaml:1:4: the character U+0007 is not allowed");
  }

  @Test
  void boundsNestingSizeAndExpansion() {
    refuses("[".repeat(40) + "]".repeat(40), "x.yaml:1:33: values are nested more than 32 deep");
    refuses("[".repeat(5000), "nested more than 32 deep");
    refuses("a: " + "x".repeat(Document.LARGEST), "larger than 1 MiB");
    refuses("- x\n".repeat(20_001), "more than 20000 values");
    StringBuilder bomb = new StringBuilder("a0: &a0 x\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
    }
    refuses(bomb.toString(), "with its aliases expanded");
  }

  @Test
  void saysWhichByteIsNotUtf8() {
    byte[] latin = "name: a\ntitle: na\u00efve\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> Document.read(latin, "x.yaml"))
        .hasMessage("x.yaml:2:10: byte 17 (0xef) is not UTF-8. Save the file as UTF-8.");
  }

  @Test
  void namesAFileThatIsMissingOrAFolder() {
    assertThatThrownBy(() -> Document.read(Path.of("no-such.yaml")))
        .hasMessage("no-such.yaml: there is no such file. Check the path.");
    assertThatThrownBy(() -> Document.read(Path.of(".")))
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("folder");
  }

  @Provide
  Arbitrary<Value> values() {
    Place place = new Place("x.yaml", 0, 0);
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of("8", "1e-3", "true", "null", "~", "", "a b", "- x", "#", "a: b", "0x1f"),
            Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars(" :#'\"{}[],&*!|>%@`\n-")
                .ofMaxLength(9));
    Arbitrary<Value> scalars = texts.map(text -> new Scalar(place, text, true));
    return Arbitraries.lazyOf(
        () -> scalars,
        () -> scalars,
        () -> values().list().ofMaxSize(3).map(items -> new Sequence(place, items)),
        () ->
            values()
                .list()
                .ofMaxSize(3)
                .map(
                    items -> {
                      Mapping mapping = new Mapping(place, List.of());
                      for (int i = 0; i < items.size(); i++) {
                        mapping = mapping.with(new Scalar(place, "k" + i, false), items.get(i));
                      }
                      return mapping;
                    }));
  }

  @Property(tries = 300)
  void whatIsWrittenReadsBack(@ForAll("values") Value value) {
    assertThat(plain(read(DocumentWriter.write(value)))).isEqualTo(plain(value));
  }

  /** Without places and quotes. */
  private static Object plain(Value value) {
    if (value instanceof Sequence list) {
      return list.items().stream().map(DocumentTest::plain).toList();
    }
    if (value instanceof Mapping mapping) {
      return mapping.entries().stream().map(e -> List.of(e.name(), plain(e.value()))).toList();
    }
    return ((Scalar) value).text();
  }
}
