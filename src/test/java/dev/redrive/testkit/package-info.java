/**
 * What integration tests share: a broker with a Redrive on it, a client of its HTTP API, and a look
 * into topics. May use the root and the sandbox's broker; nothing of it knows what a test is about.
 */
@NullMarked
package dev.redrive.testkit;

import org.jspecify.annotations.NullMarked;
