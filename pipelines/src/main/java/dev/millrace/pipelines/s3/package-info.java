/**
 * How the buckets of {@code s3://} are reached, Amazon's and those of other stores: Beam's file
 * system for them, what a launch gives it, and what it may not be given.
 */
@NullMarked
package dev.millrace.pipelines.s3;

import org.jspecify.annotations.NullMarked;
