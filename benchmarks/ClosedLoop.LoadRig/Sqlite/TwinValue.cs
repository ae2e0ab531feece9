using System.Text;

namespace ClosedLoop.LoadRig.Sqlite;

/// <summary>A value of a row, made before the clock runs: a number, or the bytes of a text or blob.</summary>
internal readonly record struct TwinValue(long Number, byte[]? Bytes, bool IsBlob, bool IsNull)
{
    public static TwinValue Blob(byte[] bytes) => new(0, bytes, true, false);

    public static implicit operator TwinValue(long? number) => number is { } known ? new(known, null, false, false) : new(0, null, false, true);

    public static implicit operator TwinValue(string? text) => text is null ? new(0, null, false, true) : new(0, Encoding.UTF8.GetBytes(text), false, false);
}
