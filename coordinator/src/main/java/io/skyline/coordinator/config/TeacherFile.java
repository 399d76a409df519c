package io.skyline.coordinator.config;

import io.skyline.recipe.Distillation.Teacher;
import java.nio.file.Path;

/**
 * A teacher's model where the coordinator runs; workers get it as an artifact.
 *
 * @param file may be gone once the search has begun
 * @param teacher what it was when the config was read first
 */
public record TeacherFile(Path file, Teacher teacher) {}
