/**
 * Real programs that fail, one test for each kind of producer: their dead letters, their copies of
 * headers and their second failures are their own, not what we take them for. May use the testkit.
 */
@NullMarked
package dev.redrive.producers;

import org.jspecify.annotations.NullMarked;
