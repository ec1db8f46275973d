// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

/** The program's entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("Usage: redrive <command>");
  }
}
