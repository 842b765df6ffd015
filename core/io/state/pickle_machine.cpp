// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: Apache-2.0
#include "core/io/state/pickle_machine.h"

#include "core/base/error.h"
#include "core/io/state/pickle_globals.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace bitloom::io {

namespace {

constexpr std::size_t kMaxMarks = 1000;
constexpr std::uint64_t kMaxMemoGap = 256;
constexpr std::size_t kFreeStack = 1000;
constexpr std::size_t kMaxPickleBytes = std::size_t{64} << 20U;

class PickleMachine {
public:
    explicit PickleMachine(std::string_view bytes)
        : m_bytes(bytes.substr(0, kMaxPickleBytes)), m_tree(m_bytes.size()),
          m_emptyTuple(m_tree.addSequence(PickleSequence::Kind::Tuple, {}))
    {
    }

    UnpickledObject run()
    {
        while (true) {
            m_opcodeAt = m_at;
            const char opcode = take(1).front();
            if (opcode == '.') {
                break;
            }
            if (!executeScalar(opcode) && !executeContainer(opcode) && !executeReference(opcode)) {
                damaged("unknown opcode ", static_cast<int>(static_cast<unsigned char>(opcode)));
            }
        }
        m_tree.setRoot(pop());
        return {std::move(m_tree), m_at};
    }

private:
    template <typename... Parts>
    [[noreturn]] void damaged(const Parts&... parts) const
    {
        fail(ErrorCode::CorruptFile, "damaged or hostile pickle at byte ", m_opcodeAt, ": ",
             parts...);
    }

    std::string_view take(std::uint64_t count)
    {
        const std::size_t left = m_bytes.size() - m_at;
        if (count > left) {
            BITLOOM_REQUIRE(m_bytes.size() < kMaxPickleBytes, ErrorCode::UnsafeFile,
                            "damaged or hostile pickle: longer than ", kMaxPickleBytes, " bytes");
            damaged("it is cut off: ", count, " more bytes are needed, ", left, " are left");
        }
        const std::string_view taken = m_bytes.substr(m_at, static_cast<std::size_t>(count));
        m_at += taken.size();
        return taken;
    }

    template <typename Int>
    Int takeLittleEndian()
    {
        const std::string_view raw = take(sizeof(Int));
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(Int); ++i) {
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(raw[i])) << (8 * i);
        }
        return static_cast<Int>(value);
    }

    std::string_view takeLine()
    {
        const std::size_t end = m_bytes.find('\n', m_at);
        if (end == std::string_view::npos) {
            damaged("a line has no end");
        }
        const std::string_view line = m_bytes.substr(m_at, end - m_at);
        m_at = end + 1;
        return line;
    }

    template <typename Number>
    Number parseNumber(std::string_view text)
    {
        Number number{};
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failure != std::errc() || end != text.data() + text.size()) {
            damaged("not a number: ", text.substr(0, 40));
        }
        return number;
    }

    void push(PickleValue value)
    {
        // What a tuple or list can hold takes at least two bytes each in any real pickle.
        BITLOOM_REQUIRE(m_stack.size() < kFreeStack + m_bytes.size() / 2, ErrorCode::UnsafeFile,
                        "damaged or hostile pickle at byte ", m_opcodeAt,
                        ": the stack grows without bound");
        m_stack.push_back(value);
    }

    PickleValue& top()
    {
        if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back())) {
            damaged("the stack is empty");
        }
        return m_stack.back();
    }

    PickleValue pop()
    {
        const PickleValue value = top();
        m_stack.pop_back();
        return value;
    }

    /// The values above the last mark, which is removed too.
    std::vector<PickleValue> popToMark()
    {
        if (m_marks.empty()) {
            damaged("no mark is open");
        }
        const auto first = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<PickleValue> values(first, m_stack.end());
        m_stack.erase(first, m_stack.end());
        m_marks.pop_back();
        return values;
    }

    void pushText(std::string_view text)
    {
        if (!isValidUtf8(text)) {
            damaged("a text is not valid UTF-8");
        }
        push(m_tree.addText(text));
    }

    /// Two's complement, little-endian, any length.
    void pushLong(std::string_view digits)
    {
        if (digits.size() > sizeof(std::int64_t)) {
            push(m_tree.addBytes(digits, true));
            return;
        }
        const bool negative =
            !digits.empty() && (static_cast<unsigned char>(digits.back()) & 0x80U) != 0;
        std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
        for (std::size_t i = digits.size(); i-- > 0;) {
            value = (value << 8U) | static_cast<unsigned char>(digits[i]);
        }
        push({static_cast<std::int64_t>(value)});
    }

    void pushTuple(std::size_t count)
    {
        std::vector<PickleValue> items(count);
        for (std::size_t i = count; i-- > 0;) {
            items[i] = pop();
        }
        push(m_tree.addSequence(PickleSequence::Kind::Tuple, std::move(items)));
    }

    bool executeScalar(char opcode)
    {
        switch (opcode) {
        case '\x80': { // PROTO
            const auto protocol = takeLittleEndian<std::uint8_t>();
            if (protocol > 5) {
                damaged("protocol ", static_cast<int>(protocol), " is not known (0 to 5 are)");
            }
            return true;
        }
        case '\x95': // FRAME: a hint for buffered readers
            take(8);
            return true;
        case 'N':
            push({});
            return true;
        case '\x88':
            push({true});
            return true;
        case '\x89':
            push({false});
            return true;
        case 'K':
            push({std::int64_t{takeLittleEndian<std::uint8_t>()}});
            return true;
        case 'M':
            push({std::int64_t{takeLittleEndian<std::uint16_t>()}});
            return true;
        case 'J':
            push({std::int64_t{takeLittleEndian<std::int32_t>()}});
            return true;
        case '\x8a':
            pushLong(take(takeLittleEndian<std::uint8_t>()));
            return true;
        case '\x8b':
            pushLong(take(takeLittleEndian<std::uint32_t>()));
            return true;
        case 'G': { // big-endian
            std::uint64_t bits = 0;
            for (const char byte : take(8)) {
                bits = (bits << 8U) | static_cast<unsigned char>(byte);
            }
            push({std::bit_cast<double>(bits)});
            return true;
        }
        case 'I': { // protocol 0 spells booleans 00 and 01
            const std::string_view line = takeLine();
            if (line == "00" || line == "01") {
                push({line == "01"});
            } else {
                push({parseNumber<std::int64_t>(line)});
            }
            return true;
        }
        case 'L': {
            const std::string_view line = takeLine();
            push({parseNumber<std::int64_t>(
                line.substr(0, line.size() - (line.ends_with('L') ? 1 : 0)))});
            return true;
        }
        case 'F':
            push({parseNumber<double>(takeLine())});
            return true;
        case 'S': {
            const std::string_view line = takeLine();
            const bool quoted = line.size() >= 2 && line.front() == line.back() &&
                                (line.front() == '\'' || line.front() == '"');
            if (!quoted || line.find('\\') != std::string_view::npos) {
                damaged("a quoted text of protocol 0 with escapes or without quotes is not read");
            }
            pushText(line.substr(1, line.size() - 2));
            return true;
        }
        case 'V': {
            const std::string_view line = takeLine();
            if (line.find('\\') != std::string_view::npos) {
                damaged("a text of protocol 0 with escapes is not read");
            }
            pushText(line);
            return true;
        }
        case 'U': // SHORT_BINSTRING: Python 2 str, which torch.load takes as UTF-8 too
        case '\x8c':
            pushText(take(takeLittleEndian<std::uint8_t>()));
            return true;
        case 'T':
        case 'X':
            pushText(take(takeLittleEndian<std::uint32_t>()));
            return true;
        case '\x8d':
            pushText(take(takeLittleEndian<std::uint64_t>()));
            return true;
        case 'C':
            push(m_tree.addBytes(take(takeLittleEndian<std::uint8_t>())));
            return true;
        case 'B':
            push(m_tree.addBytes(take(takeLittleEndian<std::uint32_t>())));
            return true;
        case '\x8e':
        case '\x96':
            push(m_tree.addBytes(take(takeLittleEndian<std::uint64_t>())));
            return true;
        default:
            return false;
        }
    }

    void append(std::vector<PickleValue> values)
    {
        auto* const* target = std::get_if<PickleSequence*>(&top().data);
        if (target == nullptr || (*target)->kind == PickleSequence::Kind::Tuple) {
            damaged("items are added to something that is no list or set");
        }
        auto& items = (*target)->items;
        items.insert(items.end(), values.begin(), values.end());
    }

    void setItems(PickleValue target, const std::vector<PickleValue>& values)
    {
        auto* const* dict = std::get_if<PickleDict*>(&target.data);
        if (dict == nullptr || values.size() % 2 != 0) {
            damaged("entries are set that are not pairs or not in a dict");
        }
        for (std::size_t i = 0; i < values.size(); i += 2) {
            (*dict)->items.emplace_back(values[i], values[i + 1]);
        }
    }

    bool executeContainer(char opcode)
    {
        using Kind = PickleSequence::Kind;
        switch (opcode) {
        case '(':
            BITLOOM_REQUIRE(m_marks.size() < kMaxMarks, ErrorCode::UnsafeFile,
                            "damaged or hostile pickle at byte ", m_opcodeAt,
                            ": nested deeper than ", kMaxMarks);
            m_marks.push_back(m_stack.size());
            return true;
        case '0': // POP removes a mark when nothing lies above it
            if (!m_marks.empty() && m_marks.back() == m_stack.size()) {
                m_marks.pop_back();
            } else {
                pop();
            }
            return true;
        case '1':
            popToMark();
            return true;
        case '2':
            push(top());
            return true;
        case ')':
            push(m_emptyTuple);
            return true;
        case ']':
            push(m_tree.addSequence(Kind::List, {}));
            return true;
        case '\x8f':
            push(m_tree.addSequence(Kind::Set, {}));
            return true;
        case '}':
            push(m_tree.addDict());
            return true;
        case 't':
            push(m_tree.addSequence(Kind::Tuple, popToMark()));
            return true;
        case 'l':
            push(m_tree.addSequence(Kind::List, popToMark()));
            return true;
        case '\x91':
            push(m_tree.addSequence(Kind::Set, popToMark()));
            return true;
        case '\x85':
            pushTuple(1);
            return true;
        case '\x86':
            pushTuple(2);
            return true;
        case '\x87':
            pushTuple(3);
            return true;
        case 'd': {
            const std::vector<PickleValue> values = popToMark();
            push(m_tree.addDict());
            setItems(top(), values);
            return true;
        }
        case 'a': {
            const PickleValue value = pop();
            append({value});
            return true;
        }
        case 'e':
        case '\x90':
            append(popToMark());
            return true;
        case 's': {
            const PickleValue value = pop();
            const PickleValue key = pop();
            setItems(top(), {key, value});
            return true;
        }
        case 'u': {
            const std::vector<PickleValue> values = popToMark();
            setItems(top(), values);
            return true;
        }
        default:
            return false;
        }
    }

    void remember(std::uint64_t index)
    {
        // Every pickler numbers its memo 0, 1, 2, ...; a far index would only serve to claim
        // memory.
        if (index > m_memo.size() + kMaxMemoGap) {
            damaged("memo index ", index, " is out of range");
        }
        if (index >= m_memo.size()) {
            m_memo.resize(static_cast<std::size_t>(index) + 1);
        }
        m_memo[static_cast<std::size_t>(index)] = top();
        m_memoCount = std::max(m_memoCount, index + 1);
    }

    void recall(std::uint64_t index)
    {
        if (index >= m_memo.size() || !m_memo[static_cast<std::size_t>(index)]) {
            damaged("memo entry ", index, " was never stored");
        }
        push(*m_memo[static_cast<std::size_t>(index)]);
    }

    void call(const PickleValue& callee, const std::vector<PickleValue>& arguments)
    {
        const auto* global = callee.node<PickleGlobal>();
        if (global == nullptr) {
            damaged("something is called that is no function");
        }
        push(callGlobal(m_tree, *global, arguments));
    }

    std::vector<PickleValue> popArguments()
    {
        const auto value = pop();
        const auto* arguments = value.node<PickleSequence>();
        if (arguments == nullptr || arguments->kind != PickleSequence::Kind::Tuple) {
            damaged("the arguments of a call are no tuple");
        }
        m_tree.chargeCopies(arguments->items.size() /
                            8); // real calls have at most 8; long ones are charged
        return arguments->items;
    }

    /// BUILD: attributes of a plain value (an OrderedDict's _metadata) are dropped; a numpy dtype
    /// gets its byte order.
    void build()
    {
        const PickleValue state = pop();
        auto* const* opaque = std::get_if<PickleOpaque*>(&top().data);
        if (opaque != nullptr && (*opaque)->kind == PickleOpaque::Kind::NumpyDtype) {
            const auto* parts = state.node<PickleSequence>();
            (*opaque)->bigEndian =
                parts != nullptr && parts->items.size() > 1 && parts->items[1].text() == ">";
        } else if (opaque == nullptr && top().node<PickleDict>() == nullptr &&
                   top().node<PickleTensor>() == nullptr) {
            damaged("attributes are set on something that has none");
        }
    }

    bool executeReference(char opcode)
    {
        switch (opcode) {
        case 'q':
            remember(takeLittleEndian<std::uint8_t>());
            return true;
        case 'r':
            remember(takeLittleEndian<std::uint32_t>());
            return true;
        case 'p':
            remember(parseNumber<std::uint64_t>(takeLine()));
            return true;
        case '\x94':
            remember(m_memoCount);
            return true;
        case 'h':
            recall(takeLittleEndian<std::uint8_t>());
            return true;
        case 'j':
            recall(takeLittleEndian<std::uint32_t>());
            return true;
        case 'g':
            recall(parseNumber<std::uint64_t>(takeLine()));
            return true;
        case 'c': {
            const std::string_view module = takeLine();
            push({&allowedGlobal(module, takeLine())});
            return true;
        }
        case '\x93': {
            const PickleValue name = pop();
            const PickleValue module = pop();
            if (!name.text() || !module.text()) {
                damaged("a global's name is no text");
            }
            push({&allowedGlobal(*module.text(), *name.text())});
            return true;
        }
        case 'i': {
            const std::string_view module = takeLine();
            const PickleGlobal& global = allowedGlobal(module, takeLine());
            call({&global}, popToMark());
            return true;
        }
        case 'o': {
            std::vector<PickleValue> values = popToMark();
            if (values.empty()) {
                damaged("a call names no function");
            }
            const PickleValue callee = values.front();
            values.erase(values.begin());
            call(callee, values);
            return true;
        }
        case 'R':
        case '\x81': { // REDUCE, NEWOBJ
            const std::vector<PickleValue> arguments = popArguments();
            call(pop(), arguments);
            return true;
        }
        case '\x92': { // NEWOBJ_EX: keyword arguments are dropped, none of the permitted globals
                       // has a meaningful one
            pop();
            const std::vector<PickleValue> arguments = popArguments();
            call(pop(), arguments);
            return true;
        }
        case 'b':
            build();
            return true;
        case 'Q':
            push(storageOfPersistentId(m_tree, pop()));
            return true;
        case 'P':
            damaged("a persistent id in text form is not read");
        case '\x82':
        case '\x83':
        case '\x84':
            fail(ErrorCode::UnsafeFile,
                 "refused: the file asks for a function by a number of Python's extension "
                 "registry; only tensors and plain containers are read");
        case '\x97':
        case '\x98':
            damaged("it wants a buffer that is not in the file");
        default:
            return false;
        }
    }

    std::string_view m_bytes;
    std::size_t m_at = 0;
    std::size_t m_opcodeAt = 0;
    PickleTree m_tree;
    PickleValue m_emptyTuple;
    std::vector<PickleValue> m_stack;
    std::vector<std::size_t> m_marks;
    std::vector<std::optional<PickleValue>> m_memo;
    std::uint64_t m_memoCount = 0;
};

} // namespace

bool isValidUtf8(std::string_view text)
{
    std::size_t i = 0;
    while (i < text.size()) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || text.size() - i < length) {
            return false;
        }
        std::uint32_t point = lead & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0U) != 0x80U) {
                return false;
            }
            point = (point << 6U) | (next & 0x3FU);
        }
        const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
        if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
            return false;
        }
        i += length;
    }
    return true;
}

UnpickledObject readPickle(std::string_view bytes)
{
    return PickleMachine(bytes).run();
}

} // namespace bitloom::io
