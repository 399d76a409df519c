package io.skyline.coordinator.search;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * An immutable list whose changed copies share structure: a trie of 32 branches (Bagwell 2001; the
 * vector of Clojure), so that a fold over thousands of events copies no list.
 */
final class PersistentList<E> extends AbstractList<E> implements RandomAccess {
  private static final int BITS = 5;
  private static final int WIDTH = 1 << BITS;
  private static final PersistentList<?> EMPTY = new PersistentList<>(0, 0, new Object[0]);

  private final int size;
  private final int shift;
  private final Object[] root;

  private PersistentList(int size, int shift, Object[] root) {
    this.size = size;
    this.shift = shift;
    this.root = root;
  }

  @SuppressWarnings("unchecked") // it holds nothing
  static <E> PersistentList<E> empty() {
    return (PersistentList<E>) EMPTY;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  @SuppressWarnings("unchecked") // leaves hold what was put in
  public E get(int index) {
    Objects.checkIndex(index, size);
    Object[] node = root;
    for (int level = shift; level > 0; level -= BITS) {
      node = (Object[]) node[(index >>> level) & (WIDTH - 1)];
    }
    return (E) node[index & (WIDTH - 1)];
  }

  /** This list and one more. */
  PersistentList<E> plus(E element) {
    if (size == WIDTH << shift) {
      return new PersistentList<>(
          size + 1, shift + BITS, put(new Object[] {root}, shift + BITS, size, element));
    }
    return new PersistentList<>(size + 1, shift, put(root, shift, size, element));
  }

  /** This list with one element replaced. */
  PersistentList<E> replaced(int index, E element) {
    Objects.checkIndex(index, size);
    return new PersistentList<>(size, shift, put(root, shift, index, element));
  }

  private static Object[] put(Object[] node, int level, int index, Object element) {
    int slot = (index >>> level) & (WIDTH - 1);
    Object[] copy = Arrays.copyOf(node, Math.max(node.length, slot + 1));
    copy[slot] =
        level == 0
            ? element
            : put(
                slot < node.length ? (Object[]) node[slot] : new Object[0],
                level - BITS,
                index,
                element);
    return copy;
  }
}
