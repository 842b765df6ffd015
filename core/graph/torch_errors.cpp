// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/graph/torch_errors.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <new>
#include <string>

namespace bitloom::graph {
namespace {

std::string firstLine(std::string text)
{
    text.resize(std::min(text.size(), text.find('\n')));
    return text;
}

} // namespace

void rethrowTorchError(std::string_view context)
{
    try {
        throw;
    } catch (Error& error) {
        error.addContext(context);
        throw;
    } catch (const c10::OutOfMemoryError& error) {
        fail(ErrorCode::OutOfMemory, context, ": ", firstLine(error.what_without_backtrace()));
    } catch (const c10::NotImplementedError& error) {
        fail(ErrorCode::Unsupported, context, ": ", firstLine(error.what_without_backtrace()));
    } catch (const c10::AcceleratorError& error) {
        fail(ErrorCode::Internal, context, ": ", firstLine(error.what_without_backtrace()));
    } catch (const c10::Error& error) {
        const std::string text = firstLine(error.what_without_backtrace());
        // The CPU allocator throws a plain c10::Error; its message is the only mark.
        const bool outOfMemory = text.find("DefaultCPUAllocator") != std::string::npos;
        fail(outOfMemory ? ErrorCode::OutOfMemory : ErrorCode::InvalidArgument, context, ": ",
             text);
    } catch (const std::bad_alloc&) {
        fail(ErrorCode::OutOfMemory, context, ": not enough memory");
    } catch (const std::exception& error) {
        fail(ErrorCode::InvalidArgument, context, ": ", firstLine(error.what()));
    }
}

} // namespace bitloom::graph
