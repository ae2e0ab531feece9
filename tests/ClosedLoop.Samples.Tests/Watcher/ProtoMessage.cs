using System.Buffers.Binary;
using System.Text;

namespace ClosedLoop.Samples.Tests.Watcher;

/// <summary>A message in protobuf's wire format, read by field numbers.</summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Field, ReadOnlyMemory<byte> Bytes)> _fields = [];

    public ProtoMessage(ReadOnlyMemory<byte> message)
    {
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint(message.Span, ref at);
            int length = (tag & 7) switch
            {
                1 => 8,
                2 => (int)Varint(message.Span, ref at),
                5 => 4,
                0 => -1,
                _ => throw new InvalidDataException($"wire type {tag & 7}"),
            };
            int start = at;
            if (length < 0) Varint(message.Span, ref at);
            else at += length;
            _fields.Add(((int)(tag >> 3), message[start..at]));
        }
    }

    public IEnumerable<ProtoMessage> Messages(int field) => All(field).Select(static b => new ProtoMessage(b));

    public string Text(int field) => Encoding.UTF8.GetString(All(field).FirstOrDefault().Span);

    public string Hex(int field) => Convert.ToHexStringLower(All(field).FirstOrDefault().Span);

    public ulong Fixed64(int field) => BinaryPrimitives.ReadUInt64LittleEndian(All(field).Single().Span);

    public bool Has(int field) => All(field).Any();

    private IEnumerable<ReadOnlyMemory<byte>> All(int field) => _fields.Where(f => f.Field == field).Select(static f => f.Bytes);

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
    }
}
