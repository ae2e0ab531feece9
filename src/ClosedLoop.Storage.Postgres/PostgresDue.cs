using ClosedLoop.Facts;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Changes of due rows as statements: each row once in a statement, its changes in their order.</summary>
internal static class PostgresDue
{
    public static void Change(Pipeline pipeline, IReadOnlyList<DueChange> changes, IReadOnlyList<string> removedItems)
    {
        foreach (var wave in Waves(changes))
        {
            Add(pipeline, wave.FindAll(static c => c.DueAt is not null && c.Token == 0));
            Change(pipeline, wave);
        }
        if (removedItems.Count > 0) pipeline.Add(PostgresClockStatements.RemoveDueOf, Texts([.. removedItems.Select(static id => $"{KeySchemes.Item}:{PostgresText.Encode(id)}")]));
    }

    // A change that ends a claim is about a row that exists; without it there is nothing to end.
    private static void Add(Pipeline pipeline, List<DueChange> added)
    {
        if (added.Count > 0) pipeline.Add(PostgresClockStatements.AddDue, Subjects(added), Kinds(added), Instants(added), Payloads(added));
    }

    private static void Change(Pipeline pipeline, List<DueChange> wave)
    {
        var changed = wave.FindAll(static c => c.DueAt is not null && c.Mode != DueMode.AddOnly);
        var removed = wave.FindAll(static c => c.DueAt is null);
        if (changed.Count > 0)
            pipeline.Add(PostgresClockStatements.ChangeDue, Subjects(changed), Kinds(changed), Instants(changed), Payloads(changed), Tokens(changed), Codes(Rows.Column(changed, static c => (short)c.Mode)));
        if (removed.Count > 0) pipeline.Add(PostgresClockStatements.RemoveDue, Subjects(removed), Kinds(removed), Tokens(removed));
    }

    /// <summary>The first change of each row, the second of each, and so on; what comes to the same as the change before is drawn together.</summary>
    private static List<List<DueChange>> Waves(IReadOnlyList<DueChange> changes)
    {
        var waves = new List<List<DueChange>>();
        if (changes.Count == 0) return waves;
        foreach (var change in changes)
            if (!Enum.IsDefined(change.Mode))
                throw new ArgumentException($"The due row {change.Kind} of {change.Subject} has mode {(int)change.Mode}, which is no DueMode.", nameof(changes));
        var sorted = Rows.Sorted(changes, Compare);
        int depth = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || Compare(sorted[i - 1], sorted[i]) != 0) depth = 0;
            else if (Together(waves[depth - 1][^1], sorted[i]) is { } both)
            {
                waves[depth - 1][^1] = both;
                continue;
            }
            if (depth == waves.Count) waves.Add([]);
            waves[depth++].Add(sorted[i]);
        }
        return waves;
    }

    // A busy item is brought forward by every delivery of a batch, and one that is new is looked for and brought forward by the same delivery.
    private static DueChange? Together(DueChange first, DueChange second)
    {
        if (first.DueAt is not { } at || second.DueAt is not { } then || first.Token != 0 || second.Token != 0) return null;
        // The row exists by now.
        if (second.Mode == DueMode.AddOnly) return first;
        if (second.Mode != DueMode.BringForward) return null;
        return first.Mode switch
        {
            DueMode.BringForward or DueMode.Set => first with { DueAt = then < at ? then : at, Payload = second.Payload ?? first.Payload },
            // A row that was there keeps its time and its text but for the second one.
            DueMode.AddOnly when then <= at && (first.Payload is null || second.Payload is not null) => second,
            _ => null,
        };
    }

    private static int Compare(DueChange a, DueChange b)
    {
        int order = a.Subject.CompareTo(b.Subject);
        return order != 0 ? order : string.CompareOrdinal(a.Kind, b.Kind);
    }

    private static Npgsql.NpgsqlParameter Subjects(List<DueChange> rows) => Texts(Rows.Column(rows, static c => c.Subject.ToString()));

    private static Npgsql.NpgsqlParameter Kinds(List<DueChange> rows) => Texts(Rows.Column(rows, static c => PostgresText.Encode(c.Kind)));

    private static Npgsql.NpgsqlParameter Instants(List<DueChange> rows) => Numbers(Rows.Column(rows, static c => c.DueAt!.Value.UtcTicks));

    private static Npgsql.NpgsqlParameter Payloads(List<DueChange> rows) => Texts(Rows.Column(rows, static c => PostgresText.EncodeOrNull(c.Payload)));

    private static Npgsql.NpgsqlParameter Tokens(List<DueChange> rows) => Numbers(Rows.Column(rows, static c => c.Token));
}
