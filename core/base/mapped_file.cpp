// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/mapped_file.h"

#include "core/base/error.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace bitloom {

MappedFile::MappedFile(const std::filesystem::path& path, MapAccess access)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    BITLOOM_REQUIRE(descriptor >= 0, errno == ENOENT ? ErrorCode::NotFound : ErrorCode::IoFailure,
                    "cannot open ", path.string(), ": ", std::strerror(errno));
    struct stat status {};
    const bool known = ::fstat(descriptor, &status) == 0;
    const bool regular = known && S_ISREG(status.st_mode);
    if (!regular || status.st_size == 0) {
        const bool folder = known && S_ISDIR(status.st_mode);
        ::close(descriptor);
        BITLOOM_REQUIRE(!folder, ErrorCode::UnknownFormat, "cannot open ", path.string(),
                        ": it is a folder, a file was expected");
        BITLOOM_REQUIRE(regular, ErrorCode::IoFailure, "cannot open ", path.string(),
                        ": it is not a regular file");
        fail(ErrorCode::CorruptFile, path.string(), " is empty");
    }
    m_size = static_cast<std::size_t>(status.st_size);
    // MAP_NORESERVE: of a file larger than memory, only pages that are written need any.
    const int protection = access == MapAccess::CopyOnWrite ? PROT_READ | PROT_WRITE : PROT_READ;
    void* address = ::mmap(nullptr, m_size, protection, MAP_PRIVATE | MAP_NORESERVE, descriptor, 0);
    const int reason = errno;
    ::close(descriptor);
    BITLOOM_REQUIRE(address != MAP_FAILED, ErrorCode::IoFailure, "cannot map ", path.string(), ": ",
                    std::strerror(reason));
    m_data = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile()
{
    if (m_data != nullptr) {
        ::munmap(const_cast<std::byte*>(m_data), m_size);
    }
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0))
{
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

std::string readTextFile(const std::filesystem::path& path)
{
    const MappedFile file(path);
    return {reinterpret_cast<const char*>(file.bytes().data()), file.size()};
}

} // namespace bitloom
