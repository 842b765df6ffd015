// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/error_words.h"

#include <QCoreApplication>

namespace bitloom::workbench {

namespace {
/// What this file says; lupdate does not find the context of a function of one's own.
struct ErrorText {
    Q_DECLARE_TR_FUNCTIONS(ErrorWords)
};
} // namespace

ErrorWords errorWords(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return {ErrorText::tr("A value is outside of what is allowed."),
                ErrorText::tr("Change the value and try again.")};
    case ErrorCode::NotFound:
        return {ErrorText::tr("Something that is needed was not found."),
                ErrorText::tr("Check the name and the folder, and that the drive is connected.")};
    case ErrorCode::IoFailure:
        return {ErrorText::tr("The system could not read or write a file."),
                ErrorText::tr("Check the free space and the permissions of the folder.")};
    case ErrorCode::UnknownFormat:
        return {
            ErrorText::tr("This file is of no kind that Bitloom reads."),
            ErrorText::tr(
                "Open a TorchScript model, a PyTorch state dict, a packed model or a project.")};
    case ErrorCode::CorruptFile:
        return {ErrorText::tr("The file is damaged."),
                ErrorText::tr("Copy or export it again from where it came from.")};
    case ErrorCode::UnsafeFile:
        return {
            ErrorText::tr("The file asks for something that is not safe, so it was not opened."),
            ErrorText::tr("Ask its author for a state dict of plain tensors.")};
    case ErrorCode::ShapeMismatch:
        return {
            ErrorText::tr("Shapes do not fit together."),
            ErrorText::tr(
                "Choose the architecture or the input shape that the weights were trained with.")};
    case ErrorCode::ModelMismatch:
        return {ErrorText::tr("This belongs to another model."),
                ErrorText::tr("Open the model that it was made for.")};
    case ErrorCode::Unsupported:
        return {ErrorText::tr("Bitloom cannot do this yet."), {}};
    case ErrorCode::NonFinite:
        return {ErrorText::tr("A number is infinite or not a number."),
                ErrorText::tr("Check the weights and the preprocessing of the images.")};
    case ErrorCode::BudgetTooSmall:
        return {ErrorText::tr("No plan fits the budget."),
                ErrorText::tr("Raise the budget or allow fewer bits.")};
    case ErrorCode::BadDataset:
        return {ErrorText::tr("The images cannot be used."),
                ErrorText::tr("Check the folder of the dataset.")};
    case ErrorCode::VerifyFailed:
        return {ErrorText::tr("The file that was read back differs from what was written."),
                ErrorText::tr("Do not use it. Export again, to another disk if it happens again.")};
    case ErrorCode::OutOfMemory:
        return {ErrorText::tr("There is not enough memory."),
                ErrorText::tr("Use smaller batches or close other programs, then run it again.")};
    case ErrorCode::Internal:
        break;
    }
    return {ErrorText::tr("Something went wrong inside Bitloom."),
            ErrorText::tr("Copy the details and report them; your plans are as they were.")};
}

} // namespace bitloom::workbench
