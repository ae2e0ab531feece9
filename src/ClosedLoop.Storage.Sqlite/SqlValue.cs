namespace ClosedLoop.Storage.Sqlite;

/// <summary>A value to bind: a number, a text, UTF-8 bytes of a text, a blob, or nothing. It saves a box for each number.</summary>
internal readonly struct SqlValue
{
    private SqlValue(SqlType type, long number = 0, string? text = null, ReadOnlyMemory<byte> bytes = default) => (Type, Number, Text, Bytes) = (type, number, text, bytes);

    public SqlType Type { get; }

    public long Number { get; }

    public string? Text { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static SqlValue Blob(ReadOnlyMemory<byte> bytes) => new(SqlType.Blob, bytes: bytes);

    public static SqlValue Utf8(ReadOnlyMemory<byte> bytes) => new(SqlType.Utf8, bytes: bytes);

    public static implicit operator SqlValue(long number) => new(SqlType.Number, number);

    public static implicit operator SqlValue(long? number) => number is { } known ? new(SqlType.Number, known) : default;

    public static implicit operator SqlValue(string? text) => text is null ? default : new(SqlType.Text, text: text);
}
