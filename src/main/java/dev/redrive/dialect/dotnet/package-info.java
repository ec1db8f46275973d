// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/** The messaging libraries of .NET: MassTransit, NServiceBus, Silverback, Wolverine. */
@NullMarked
package dev.redrive.dialect.dotnet;

import org.jspecify.annotations.NullMarked;
