namespace ClosedLoop.Storage.Sqlite;

/// <summary>What a <see cref="SqlValue"/> holds.</summary>
internal enum SqlType
{
    Null,
    Number,
    Text,
    Utf8,
    Blob,
}
