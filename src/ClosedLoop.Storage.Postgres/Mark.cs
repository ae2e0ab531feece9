using Npgsql;

namespace ClosedLoop.Storage.Postgres;

/// <summary>The token of a load and of a commit: the record's mark, and the turn in which it was read, if it was. Equal when the marks are.</summary>
internal sealed class Mark(long value, NpgsqlConnection? turn = null) : IEquatable<Mark>
{
    public long Value { get; } = value;

    public NpgsqlConnection? Turn { get; } = turn;

    public bool Equals(Mark? other) => other?.Value == Value;

    public override bool Equals(object? obj) => Equals(obj as Mark);

    public override int GetHashCode() => Value.GetHashCode();
}
