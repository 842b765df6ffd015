// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
// The readers of PyTorch checkpoints, of those of Bayesian Bits among them, and of .npy files under
// arbitrary bytes: as a whole file, as the object of a legacy stream, and as the data.pkl of a zip
// archive whose checksums are right (a mutated archive would stop at its CRC).
#include "core/base/error.h"
#include "core/io/state/bayesian_bits_checkpoint.h"
#include "core/io/state/npy.h"
#include "core/io/state/state_dict.h"
#include "tests/fuzz/torch_containers.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace {

void read(std::string_view content)
{
    const auto bytes = std::as_bytes(std::span(content));
    try {
        const auto state = bitloom::io::readStateDict(bytes);
        for (const auto& [name, tensor] : state.tensors) {
            // Walks every element that the tensor claims to have.
            if (tensor.numel() > 0 && tensor.numel() <= 1 << 16) {
                static_cast<void>(tensor.contiguous());
            }
        }
        static_cast<void>(bitloom::io::bayesianBitsCheckpoint(state));
    } catch (const bitloom::Error&) { // the expected answer to damage; anything else is a finding
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    bitloom::fuzz::inEachContainer(input, [](std::string_view content) { read(content); });
    try {
        static_cast<void>(bitloom::io::readNpy(std::as_bytes(std::span(input))));
    } catch (const bitloom::Error&) {
    }
    return 0;
}
