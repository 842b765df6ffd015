// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/error_words.h"

#include <QCoreApplication>

namespace bitloom::workbench {

namespace {
QString tr(const char* text)
{
    return QCoreApplication::translate("ErrorWords", text);
}
} // namespace

ErrorWords errorWords(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return {tr("A value is outside of what is allowed."),
                tr("Change the value and try again.")};
    case ErrorCode::NotFound:
        return {tr("Something that is needed was not found."),
                tr("Check the name and the folder, and that the drive is connected.")};
    case ErrorCode::IoFailure:
        return {tr("The system could not read or write a file."),
                tr("Check the free space and the permissions of the folder.")};
    case ErrorCode::UnknownFormat:
        return {tr("This file is of no kind that Bitloom reads."),
                tr("Open a TorchScript model, a PyTorch state dict, a packed model or a project.")};
    case ErrorCode::CorruptFile:
        return {tr("The file is damaged."), tr("Copy or export it again from where it came from.")};
    case ErrorCode::UnsafeFile:
        return {tr("The file asks for something that is not safe, so it was not opened."),
                tr("Ask its author for a state dict of plain tensors.")};
    case ErrorCode::ShapeMismatch:
        return {
            tr("Shapes do not fit together."),
            tr("Choose the architecture or the input shape that the weights were trained with.")};
    case ErrorCode::ModelMismatch:
        return {tr("This belongs to another model."), tr("Open the model that it was made for.")};
    case ErrorCode::Unsupported:
        return {tr("Bitloom cannot do this yet."), {}};
    case ErrorCode::NonFinite:
        return {tr("A number is infinite or not a number."),
                tr("Check the weights and the preprocessing of the images.")};
    case ErrorCode::BudgetTooSmall:
        return {tr("No plan fits the budget."), tr("Raise the budget or allow fewer bits.")};
    case ErrorCode::BadDataset:
        return {tr("The images cannot be used."), tr("Check the folder of the dataset.")};
    case ErrorCode::VerifyFailed:
        return {tr("The file that was read back differs from what was written."),
                tr("Do not use it. Export again, to another disk if it happens again.")};
    case ErrorCode::OutOfMemory:
        return {tr("There is not enough memory."),
                tr("Use smaller batches or close other programs, then run it again.")};
    case ErrorCode::Internal:
        break;
    }
    return {tr("Something went wrong inside Bitloom."),
            tr("Copy the details and report them; your plans are as they were.")};
}

} // namespace bitloom::workbench
