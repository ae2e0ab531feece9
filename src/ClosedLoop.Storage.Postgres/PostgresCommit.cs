using System.Text;
using ClosedLoop.Facts;
using static ClosedLoop.Storage.Postgres.Pipeline;

namespace ClosedLoop.Storage.Postgres;

/// <summary>A commit as statements: one for each table and kind of change, rows sorted by key, so that all commits come to the rows in one order.</summary>
internal static class PostgresCommit
{
    private const int DigestLength = 64;
    private const int WorthAnotherThread = 64;

    /// <summary>Whether it changes what a load returns: timers and messages come and go without making a fold stale.</summary>
    public static bool ChangesRecord(StoreCommit commit) =>
        commit.Registers.Count + commit.Items.Count + commit.Index.Count + commit.RemovedItems.Count + commit.Deliveries.Count > 0;

    /// <summary>Adds the statements. The first answers the mark if the commit checks or changes it.</summary>
    /// <exception cref="ArgumentException">A content that cannot be stored.</exception>
    public static void Add(Pipeline pipeline, StoreCommit commit)
    {
        var transitions = Written(commit.Transitions);
        bool changes = ChangesRecord(commit);
        if (commit.Token is Mark mark) pipeline.Add(PostgresStatements.TakeMark, Number(mark.Value), Number(changes ? 1 : 0));
        else if (changes) pipeline.Add(PostgresStatements.AdvanceMark);
        // Whoever changes timers holds the mark, so that no two commits come to their rows in different orders.
        else if (commit.Due.Count > 0) pipeline.Add(PostgresStatements.HoldMark);
        // A conflict is found before anything is written.
        PostgresDocuments.Change(pipeline, commit.Documents);
        // A new register is as a rule the very fact that is logged too: it is written once.
        var written = new Dictionary<Fact, string>(commit.Registers.Count, ReferenceEqualityComparer.Instance);
        if (commit.Registers.Count > 0) PutRegisters(pipeline, commit.Registers, written);
        if (commit.Items.Count + commit.RemovedItems.Count > 0) PostgresBoard.Move(pipeline, commit.Items, commit.RemovedItems);
        if (commit.Items.Count > 0) PutItems(pipeline, commit.Items);
        if (commit.RemovedItems.Count > 0) pipeline.Add(PostgresStatements.RemoveItems, Texts(Encoded(commit.RemovedItems, static id => id)));
        if (commit.Index.Count > 0) ChangeIndex(pipeline, commit.Index);
        if (commit.Transitions.Count > 0)
            pipeline.Add(PostgresStatements.AddTransitions, Number(commit.Transitions.Count), Texts(Encoded(commit.Transitions, static t => t.ItemId)), Texts(transitions.Result));
        PostgresDue.Change(pipeline, commit.Due, commit.RemovedItems);
        if (commit.Outbox.Count > 0) AddOutbox(pipeline, commit.Outbox, commit.At);
        if (commit.Deliveries.Count > 0)
        {
            var deliveries = Rows.LastOfEach(commit.Deliveries, static (a, b) => Rows.Compare(a.Source, b.Source, a.Id, b.Id));
            pipeline.Add(PostgresStatements.AddDeliveries, Texts(Encoded(deliveries, static d => d.Source)), Texts(Encoded(deliveries, static d => d.Id)), Number(commit.At.UtcTicks));
        }
        if (commit.Quarantine.Count > 0) KeepAside(pipeline, commit.Quarantine);
        if (commit.Log.Count > 0) AddLog(pipeline, commit, written);
    }

    // The texts of a build that releases hundreds are made on another thread beside the rest.
    private static Task<string[]> Written(IReadOnlyList<Transition> transitions)
    {
        return transitions.Count < WorthAnotherThread ? Task.FromResult(Write()) : Task.Run(Write);

        string[] Write() => [.. transitions.Select(static t => StoredJson.Write(t.Sequence == 0 ? t : t with { Sequence = 0 }))];
    }

    private static void PutRegisters(Pipeline pipeline, IReadOnlyList<Fact> registers, Dictionary<Fact, string> written)
    {
        var rows = Rows.LastOfEach(registers, static (a, b) => a.Register.CompareTo(b.Register));
        string[] subjects = new string[rows.Count], kinds = new string[rows.Count], writers = new string[rows.Count], texts = new string[rows.Count];
        int links = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            var fact = rows[i];
            (subjects[i], kinds[i], writers[i], texts[i]) = (fact.Subject.ToString(), PostgresText.Encode(fact.Kind), PostgresText.Encode(fact.Writer.ToString()), StoredJson.Write(fact));
            written[fact] = texts[i];
            links += fact.Links.Count;
        }
        pipeline.Add(PostgresStatements.PutFacts, Texts(subjects), Texts(kinds), Texts(writers), Texts(texts));
        string[] children = new string[links], linkKinds = new string[links], linkWriters = new string[links], parents = new string[links];
        int at = 0;
        for (int i = 0; i < rows.Count; i++)
            foreach (var parent in rows[i].Links)
                (children[at], linkKinds[at], linkWriters[at], parents[at++]) = (subjects[i], kinds[i], writers[i], parent.ToString());
        pipeline.Add(PostgresStatements.DropLinks, Texts(subjects), Texts(kinds), Texts(writers), Texts(children), Texts(linkKinds), Texts(linkWriters), Texts(parents));
        if (links > 0) pipeline.Add(PostgresStatements.AddLinks, Texts(children), Texts(linkKinds), Texts(linkWriters), Texts(parents));
    }

    private static void PutItems(Pipeline pipeline, IReadOnlyList<ItemRecord> items)
    {
        var rows = Rows.LastOfEach(items, static (a, b) => string.CompareOrdinal(a.State.Id, b.State.Id));
        pipeline.Add(
            PostgresStatements.PutItems,
            Texts(Encoded(rows, static i => i.State.Id)),
            Texts(Encoded(rows, static i => i.State.Pipeline)),
            Texts(Encoded(rows, static i => i.State.Title)),
            Texts(Encoded(rows, static i => i.State.Repository)),
            Texts(Encoded(rows, static i => i.State.CurrentGate)),
            Texts(Encoded(rows, static i => i.State.FurthestGate)),
            Texts(Encoded(rows, static i => i.State.WaitingOn)),
            Flags(Rows.Column(rows, static i => i.State.IsDone)),
            Flags(Rows.Column(rows, static i => i.State.Abandoned)),
            Texts(Encoded(rows, static i => i.State.Migration)),
            Numbers(Rows.Column(rows, static i => i.State.NextDeadline()?.UtcTicks)),
            Numbers(Rows.Column(rows, static i => i.Version)),
            Numbers(Rows.Column(rows, static i => i.UpdatedAt.UtcTicks)),
            Texts(Rows.Column(rows, static i => i.Json ?? StoredJson.Write(i.State))),
            Texts(Encoded(rows, static i => i.State.Provenance?.Agent)),
            Texts(Encoded(rows, static i => i.State.Priority)));
    }

    private static void ChangeIndex(Pipeline pipeline, IReadOnlyList<IndexChange> changes)
    {
        var rows = Rows.LastOfEach(changes, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var put = rows.Where(static c => c.Value is not null).ToList();
        if (put.Count > 0) pipeline.Add(PostgresStatements.PutIndex, Texts(Rows.Column(put, static c => c.Key)), Texts(Encoded(put, static c => c.Value)));
        if (put.Count < rows.Count) pipeline.Add(PostgresStatements.RemoveIndex, Texts([.. rows.Where(static c => c.Value is null).Select(static c => c.Key)]));
    }

    private static void AddOutbox(Pipeline pipeline, IReadOnlyList<OutboxMessage> messages, DateTimeOffset at) => pipeline.Add(
        PostgresClockStatements.AddOutbox,
        Texts(Encoded(messages, static m => m.IdempotencyKey)),
        Texts(Encoded(messages, static m => m.Sink)),
        Texts(Encoded(messages, static m => m.Body)),
        Number(at.UtcTicks),
        Numbers(Rows.Column(messages, static m => m.NotBefore.UtcTicks)));

    private static void KeepAside(Pipeline pipeline, IReadOnlyList<QuarantineEntry> entries) => pipeline.Add(
        PostgresStatements.AddQuarantine,
        Texts(Encoded(entries, static e => e.Id)),
        Texts(Encoded(entries, static e => e.Source)),
        Codes(Rows.Column(entries, static e => (short)e.Kind)),
        Texts(Encoded(entries, static e => e.Detail)),
        Numbers(Rows.Column(entries, static e => e.ReceivedAt.UtcTicks)),
        Bytes(Rows.Column(entries, static e => e.Body.ToArray())));

    private static void AddLog(Pipeline pipeline, StoreCommit commit, Dictionary<Fact, string> written)
    {
        var news = commit.Log.Where(static l => l.Digest is null).ToArray();
        if (news.Length > 0) pipeline.Add(PostgresStatements.AddNewsToLog, Texts(Encoded(news, static l => l.Source)), Texts(Rows.Column(news, Json)), Number(commit.At.UtcTicks));
        if (news.Length == commit.Log.Count) return;
        var others = Rows.LastOfEach([.. commit.Log.Where(static l => l.Digest is not null)], static (a, b) => string.CompareOrdinal(a.Digest, b.Digest));
        pipeline.Add(
            PostgresStatements.AddLog,
            Bytes(Rows.Column(others, static l => Digest(l.Digest!))),
            Texts(Encoded(others, static l => l.Source)),
            Texts(Rows.Column(others, Json)),
            Number(commit.At.UtcTicks));

        string Json(LoggedFact logged) => written.GetValueOrDefault(logged.Fact) ?? StoredJson.Write(logged.Fact);
    }

    private static string?[] Encoded<T>(IReadOnlyList<T> rows, Func<T, string?> text) => Rows.Column(rows, r => PostgresText.EncodeOrNull(text(r)));

    // Half the size of its text, in the one index that grows with every observation.
    private static byte[] Digest(string digest) =>
        digest.Length == DigestLength && digest.All(char.IsAsciiHexDigitLower) ? Convert.FromHexString(digest) : Encoding.UTF8.GetBytes(digest);
}
