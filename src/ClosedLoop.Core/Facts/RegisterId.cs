namespace ClosedLoop.Facts;

/// <summary>Identifies a register: one writer's view of one kind of thing about one subject.</summary>
/// <param name="Subject">What is observed.</param>
/// <param name="Kind">What of it.</param>
/// <param name="Writer">By whom.</param>
public readonly record struct RegisterId(Key Subject, string Kind, Writer Writer) : IComparable<RegisterId>
{
    /// <inheritdoc/>
    public int CompareTo(RegisterId other)
    {
        int subject = Subject.CompareTo(other.Subject);
        if (subject != 0) return subject;
        int kind = string.CompareOrdinal(Kind, other.Kind);
        return kind != 0 ? kind : Writer.CompareTo(other.Writer);
    }
}
