using System.Buffers;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>A sorted list of whole numbers with what was left out of it. Not safe for use by several threads.</summary>
internal sealed class Series
{
    /// <summary>More are counted and not kept, so that the stored text stays below what a document holds.</summary>
    public const int Capacity = 150_000;

    /// <summary>Why values are left out beyond the capacity.</summary>
    public const string OverCapacity = "over-capacity";

    public List<long> Values { get; } = [];

    public SortedDictionary<string, int> Excluded { get; } = new(StringComparer.Ordinal);

    public long Sum { get; private set; }

    public bool IsEmpty => Values.Count == 0 && Excluded.Count == 0;

    public void Add(long value)
    {
        if (Values.Count >= Capacity)
        {
            Exclude(OverCapacity, 1);
            return;
        }
        int place = Values.BinarySearch(value);
        Values.Insert(place < 0 ? ~place : place, value);
        Sum += value;
    }

    /// <summary>Adds a value unless it is there.</summary>
    /// <returns>Whether it is new.</returns>
    public bool AddOnce(long value)
    {
        if (Values.BinarySearch(value) >= 0 || Values.Count >= Capacity) return false;
        Add(value);
        return true;
    }

    public void Remove(long value)
    {
        int place = Values.BinarySearch(value);
        if (place < 0)
        {
            Exclude(OverCapacity, -1);
            return;
        }
        Values.RemoveAt(place);
        Sum -= value;
    }

    public void Exclude(string reason, int by)
    {
        int count = Excluded.GetValueOrDefault(reason) + by;
        if (count == 0) Excluded.Remove(reason);
        else Excluded[reason] = count;
    }

    /// <summary>The values as differences, in seven bits a byte, in Base64.</summary>
    public string Pack()
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent((Values.Count * 10) + 10);
        try
        {
            int length = 0;
            long last = 0;
            foreach (long value in Values)
            {
                // The first one may be negative; differences are not.
                ulong rest = length == 0 ? (ulong)((value << 1) ^ (value >> 63)) : (ulong)(value - last);
                for (; rest >= 0x80; rest >>= 7) bytes[length++] = (byte)(rest | 0x80);
                bytes[length++] = (byte)rest;
                last = value;
            }
            return Convert.ToBase64String(bytes.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Takes what was packed, in place of what is here.</summary>
    /// <exception cref="FormatException">The text is not what <see cref="Pack"/> writes.</exception>
    public void Unpack(string packed, IReadOnlyDictionary<string, int>? excluded)
    {
        Values.Clear();
        Excluded.Clear();
        Sum = 0;
        foreach (var (reason, count) in excluded ?? new Dictionary<string, int>()) Excluded[reason] = count;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(packed.Length);
        try
        {
            if (!Convert.TryFromBase64String(packed, bytes, out int length)) throw new FormatException("a packed series is not Base64");
            ulong rest = 0;
            int shift = 0;
            foreach (byte part in bytes.AsSpan(0, length))
            {
                if (shift > 63) throw new FormatException("a packed number has more than 64 bits");
                rest |= (ulong)(part & 0x7f) << shift;
                shift += 7;
                if (part >= 0x80) continue;
                long value = Values.Count == 0 ? (long)(rest >> 1) ^ -(long)(rest & 1) : Values[^1] + (long)rest;
                Values.Add(value);
                Sum += value;
                (rest, shift) = (0, 0);
            }
            if (shift != 0) throw new FormatException("a packed number is cut off");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
