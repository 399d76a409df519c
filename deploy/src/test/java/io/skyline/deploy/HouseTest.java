package io.skyline.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.jspecify.annotations.NullMarked;

/** The arrows between rooms, as ARCHITECTURE.md draws them. */
@AnalyzeClasses(packages = "io.skyline", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseTest {
  @ArchTest
  static final ArchRule coordinatorAndWorkerNeverMeet =
      noClasses()
          .that()
          .resideInAPackage("io.skyline.coordinator..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.skyline.worker..");

  @ArchTest
  static final ArchRule workerNeverSeesTheCoordinator =
      noClasses()
          .that()
          .resideInAPackage("io.skyline.worker..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.skyline.coordinator..");

  @ArchTest
  static final ArchRule searchSpacesNeedTheJdkAndYamlOnly =
      classes()
          .that()
          .resideInAnyPackage(
              "io.skyline.architecture..",
              "io.skyline.recipe..",
              "io.skyline.space..",
              "io.skyline.cost..",
              "io.skyline.scorecard..",
              "io.skyline.sharing..",
              "io.skyline.yaml..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "org.yaml.snakeyaml..",
              "io.skyline.architecture..",
              "io.skyline.recipe..",
              "io.skyline.space..",
              "io.skyline.cost..",
              "io.skyline.scorecard..",
              "io.skyline.sharing..",
              "io.skyline.yaml..");

  @ArchTest
  static final ArchRule decidingIsPure =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.skyline.coordinator.search..", "io.skyline.coordinator.controller..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "akka..",
              "io.grpc..",
              "com.google.protobuf..",
              "io.skyline.v1..",
              "java.sql..",
              "java.time.Clock",
              "java.util.concurrent..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(java.util.Random.class);

  @ArchTest
  static final ArchRule oneDnnOnlyTrains = only("org.bytedeco.dnnl..", "io.skyline.worker.train..");

  @ArchTest
  static final ArchRule dl4jOnlyDelivers = only("org.deeplearning4j..", "io.skyline.worker.dl4j..");

  @ArchTest static final ArchRule nd4jOnlyDelivers = only("org.nd4j..", "io.skyline.worker.dl4j..");

  @ArchTest
  static final ArchRule onnxRuntimeOnlyScores =
      only("ai.onnxruntime..", "io.skyline.worker.score..");

  @ArchTest
  static final ArchRule ejmlOnlyDecomposes = only("org.ejml..", "io.skyline.worker.compress..");

  @ArchTest
  static final ArchRule rpcAloneKnowsActorsAndTheWire =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.skyline.coordinator.config..",
              "io.skyline.coordinator.artifact..",
              "io.skyline.coordinator.data..",
              "io.skyline.coordinator.results..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("akka..", "io.grpc..", "io.skyline.v1..");

  @ArchTest
  static final ArchRule noJavaSerialization =
      noClasses()
          .should()
          .dependOnClassesThat()
          .areAssignableTo(ObjectInputStream.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ObjectOutputStream.class);

  @ArchTest
  static final ArchRule noCyclesInTheCoordinator =
      slices().matching("io.skyline.coordinator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noCyclesInTheWorker =
      slices().matching("io.skyline.worker.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noCyclesInTheSpaces =
      slices().matching("io.skyline.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .that()
          .resideInAPackage("io.skyline..")
          .and()
          .resideOutsideOfPackages("io.skyline.v1..", "io.skyline.journal..")
          .should(liveInANullMarkedPackage());

  private static ArchRule only(String library, String room) {
    return noClasses()
        .that()
        .resideInAPackage("io.skyline..")
        .and()
        .resideOutsideOfPackage(room)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a @NullMarked package") {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        if (!javaClass.getPackage().isAnnotatedWith(NullMarked.class)) {
          events.add(
              SimpleConditionEvent.violated(
                  javaClass, javaClass.getName() + " is in a package without @NullMarked"));
        }
      }
    };
  }
}
