// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/project.h"

namespace bitloom::engine {

/// Copies what a project's results are: everything but the description of the project, its source,
/// its plans and what belongs to a window that has it open (lock, journal, session). Files of the
/// same name are replaced. Every copy is read back and compared. Errors: NotFound, IoFailure, as
/// AtomicFile; CorruptFile, naming the file, for a copy that differs.
void copyResults(const Project& from, const Project& to);

/// The reference as it is for a copy of the project in another folder: what lay inside one lies
/// inside the other.
ModelRef movedReference(const ModelRef& model, const Project& from, const Project& to);
DataRef movedReference(const DataRef& data, const Project& from, const Project& to);

} // namespace bitloom::engine
