// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/error_words.h"

#include <QCoreApplication>

namespace bitloom::workbench {

namespace {
/// What this file says; lupdate does not find the context of a function of one's own.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(ErrorWords)
};
} // namespace

ErrorWords errorWords(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return {Words::tr("A value is outside of what is allowed."),
                Words::tr("Change the value and try again.")};
    case ErrorCode::NotFound:
        return {Words::tr("Something that is needed was not found."),
                Words::tr("Check the name and the folder, and that the drive is connected.")};
    case ErrorCode::IoFailure:
        return {Words::tr("The system could not read or write a file."),
                Words::tr("Check the free space and the permissions of the folder.")};
    case ErrorCode::UnknownFormat:
        return {
            Words::tr("This file is of no kind that Bitloom reads."),
            Words::tr(
                "Open a TorchScript model, a PyTorch state dict, a packed model or a project.")};
    case ErrorCode::CorruptFile:
        return {Words::tr("The file is damaged."),
                Words::tr("Copy or export it again from where it came from.")};
    case ErrorCode::UnsafeFile:
        return {Words::tr("The file asks for something that is not safe, so it was not opened."),
                Words::tr("Ask its author for a state dict of plain tensors.")};
    case ErrorCode::ShapeMismatch:
        return {
            Words::tr("Shapes do not fit together."),
            Words::tr(
                "Choose the architecture or the input shape that the weights were trained with.")};
    case ErrorCode::ModelMismatch:
        return {Words::tr("This belongs to another model."),
                Words::tr("Open the model that it was made for.")};
    case ErrorCode::Unsupported:
        return {Words::tr("Bitloom cannot do this yet."), {}};
    case ErrorCode::NonFinite:
        return {Words::tr("A number is infinite or not a number."),
                Words::tr("Check the weights and the preprocessing of the images.")};
    case ErrorCode::BudgetTooSmall:
        return {Words::tr("No plan fits the budget."),
                Words::tr("Raise the budget or allow fewer bits.")};
    case ErrorCode::BadDataset:
        return {Words::tr("The images cannot be used."),
                Words::tr("Check the folder of the dataset.")};
    case ErrorCode::VerifyFailed:
        return {Words::tr("The file that was read back differs from what was written."),
                Words::tr("Do not use it. Export again, to another disk if it happens again.")};
    case ErrorCode::OutOfMemory:
        return {Words::tr("There is not enough memory."),
                Words::tr("Use smaller batches or close other programs, then run it again.")};
    case ErrorCode::Internal:
        break;
    }
    return {Words::tr("Something went wrong inside Bitloom."),
            Words::tr("Copy the details and report them; your plans are as they were.")};
}

} // namespace bitloom::workbench
