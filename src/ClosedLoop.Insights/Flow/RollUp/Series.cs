namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>A sorted list of whole numbers with what was left out of it. Not safe for use by several threads.</summary>
internal sealed class Series
{
    /// <summary>More are counted and not kept, so that the stored text stays below what a document holds.</summary>
    public const int Capacity = 150_000;

    /// <summary>Why values are left out beyond the capacity.</summary>
    public const string OverCapacity = "over-capacity";

    public List<long> Values { get; private init; } = [];

    public SortedDictionary<string, int> Excluded { get; private init; } = new(StringComparer.Ordinal);

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
        var bytes = new List<byte>(Values.Count * 3);
        long last = 0;
        foreach (long value in Values)
        {
            // The first one may be negative; differences are not.
            ulong rest = last == 0 && bytes.Count == 0 ? (ulong)((value << 1) ^ (value >> 63)) : (ulong)(value - last);
            for (; rest >= 0x80; rest >>= 7) bytes.Add((byte)(rest | 0x80));
            bytes.Add((byte)rest);
            last = value;
        }
        return Convert.ToBase64String([.. bytes]);
    }

    /// <exception cref="FormatException">The text is not what <see cref="Pack"/> writes.</exception>
    public static Series Unpack(string packed, IReadOnlyDictionary<string, int>? excluded)
    {
        var values = new List<long>();
        long sum = 0;
        ulong rest = 0;
        int shift = 0;
        foreach (byte part in Convert.FromBase64String(packed))
        {
            if (shift > 63) throw new FormatException("a packed number has more than 64 bits");
            rest |= (ulong)(part & 0x7f) << shift;
            shift += 7;
            if (part >= 0x80) continue;
            long value = values.Count == 0 ? (long)(rest >> 1) ^ -(long)(rest & 1) : values[^1] + (long)rest;
            values.Add(value);
            sum += value;
            (rest, shift) = (0, 0);
        }
        if (shift != 0) throw new FormatException("a packed number is cut off");
        return new Series { Values = values, Sum = sum, Excluded = new SortedDictionary<string, int>(excluded?.ToDictionary() ?? [], StringComparer.Ordinal) };
    }
}
