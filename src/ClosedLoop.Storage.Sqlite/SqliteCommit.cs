using System.Collections.Immutable;
using ClosedLoop.Facts;
using static ClosedLoop.Storage.Sqlite.SqliteValues;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>Applies a commit, within the caller's transaction.</summary>
internal static class SqliteCommit
{
    private const int WorthAnotherThread = 64;

    public static CommitResult Apply(Session session, StoreCommit commit)
    {
        if (!Admits(session, commit)) return new CommitResult(CommitOutcome.Conflict);
        PutFacts(session, commit);
        return PutRest(session, commit);
    }

    /// <summary>The facts first, and the rest when it is known.</summary>
    /// <exception cref="OperationCanceledException">There is no rest.</exception>
    public static async ValueTask<CommitResult> ApplyAsync(Session session, StoreCommit facts, Task<StoreCommit> whole)
    {
        if (!Admits(session, facts)) return new CommitResult(CommitOutcome.Conflict);
        PutFacts(session, facts);
        return PutRest(session, await whole.ConfigureAwait(false));
    }

    private static bool Admits(Session session, StoreCommit commit) =>
        (commit.Token is null || (commit.Token is long loaded && loaded == session.Number(SqliteStatements.ReadMeta, "changes"))) && SqliteDocuments.Admits(session, commit.Documents);

    private static void PutFacts(Session session, StoreCommit commit)
    {
        // A new register is as a rule the very fact that is logged too: it is written once.
        var written = new Dictionary<Fact, string>(commit.Registers.Count, ReferenceEqualityComparer.Instance);
        foreach (var register in commit.Registers)
        {
            string json = StoredJson.Write(register);
            written[register] = json;
            PutRegister(session, register, json, isNew: IsAsFound(commit) && commit.NewRegisters.Contains(register.Register));
        }
        foreach (var delivery in commit.Deliveries) session.Execute(SqliteStatements.AddDelivery, SqlValue.Blob(OrderedKey.Of(delivery)), Ticks(commit.At));
        foreach (var entry in commit.Quarantine) KeepAside(session, entry);
        foreach (var logged in commit.Log)
            session.Execute(SqliteStatements.AddLog, Ticks(commit.At), logged.Source, written.GetValueOrDefault(logged.Fact) ?? StoredJson.Write(logged.Fact), logged.Digest is { } digest ? SqlValue.Blob(OrderedKey.Of(logged.Fact, digest)) : default);
    }

    private static CommitResult PutRest(Session session, StoreCommit commit)
    {
        SqliteDocuments.Apply(session, commit.Documents);
        var transitions = Written(commit.Transitions);
        var board = new BoardChange(session);
        foreach (var item in commit.Items)
        {
            if (IsAsFound(commit) && item.IsBeforeKnown) board.Leave(item.State.Id, item.Before);
            else board.Leave(item.State.Id);
            board.Enter(item.State);
            PutItem(session, item);
        }
        foreach (var change in commit.Index)
        {
            if (change.Value is null) session.Execute(SqliteStatements.RemoveIndex, change.Key);
            else session.Execute(SqliteStatements.PutIndex, change.Key, change.Value);
        }
        for (int i = 0; i < commit.Transitions.Count; i++) session.Execute(SqliteStatements.AddTransition, commit.Transitions[i].ItemId, transitions.Result[i]);
        foreach (var change in commit.Due) ChangeDue(session, change);
        foreach (var message in commit.Outbox)
            session.Execute(SqliteStatements.AddOutbox, message.IdempotencyKey, message.Sink, message.Body, Ticks(commit.At), Ticks(message.NotBefore));
        foreach (string id in commit.RemovedItems)
        {
            board.Leave(id);
            session.Execute(SqliteStatements.RemoveItem, id);
            session.Execute(SqliteStatements.RemoveItemDue, id);
        }
        board.Write();
        // Only what a load returns: timers and messages come and go without making a fold stale.
        if (commit.Registers.Count + commit.Items.Count + commit.Index.Count + commit.RemovedItems.Count + commit.Deliveries.Count > 0)
            return new CommitResult(CommitOutcome.Committed, session.Number(SqliteStatements.AddToMeta, "changes", 1L));
        return new CommitResult(CommitOutcome.Committed, commit.Token);
    }

    // Only with a token it is known that nobody has written since, and that what the commit says it found is still so.
    private static bool IsAsFound(StoreCommit commit) => commit.Token is not null;

    // The texts of a build that releases hundreds are made while the first rows are being written.
    private static Task<string[]> Written(IReadOnlyList<Transition> transitions)
    {
        return transitions.Count < WorthAnotherThread ? Task.FromResult(Write()) : Task.Run(Write);

        string[] Write() => [.. transitions.Select(static t => StoredJson.Write(t.Sequence == 0 ? t : t with { Sequence = 0 }))];
    }

    public static void KeepAside(Session session, QuarantineEntry entry) =>
        session.Execute(SqliteStatements.AddQuarantine, entry.Id, entry.Source, (long)entry.Kind, entry.Detail, Ticks(entry.ReceivedAt), SqlValue.Blob(entry.Body));

    // Only links that differ are written: a build of 500 commits reports several times.
    private static void PutRegister(Session session, Fact fact, string json, bool isNew)
    {
        string subject = fact.Subject.ToString(), writer = fact.Writer.ToString();
        var before = isNew ? [] : LinksOf(session, subject, fact.Kind, writer);
        session.Execute(SqliteStatements.PutFact, subject, fact.Kind, writer, json);
        foreach (var link in fact.Links)
            if (!before.Contains(link)) session.Execute(SqliteStatements.AddLink, link.ToString(), subject);
        if (before.All(fact.Links.Contains)) return;
        // Another register of the subject may make the same link.
        var others = SqliteReads.Subjects(session, [fact.Subject]);
        foreach (var link in before)
            if (!others.Exists(o => o.Links.Contains(link))) session.Execute(SqliteStatements.RemoveLink, link.ToString(), subject);
    }

    private static ImmutableSortedSet<Key> LinksOf(Session session, string subject, string kind, string writer)
    {
        using var rows = session.Query(SqliteStatements.ReadFact, subject, kind, writer);
        return rows.Read() ? StoredJson.ReadFact(rows.Bytes(0)).Links : [];
    }

    private static void PutItem(Session session, ItemRecord item)
    {
        var state = item.State;
        session.Execute(
            SqliteStatements.PutItem,
            state.Id,
            state.Pipeline,
            state.Title,
            state.Repository,
            state.CurrentGate,
            state.FurthestGate,
            state.WaitingOn,
            Flag(state.IsDone),
            Flag(state.Abandoned),
            state.Migration,
            Ticks(state.NextDeadline()),
            item.Version,
            Ticks(item.UpdatedAt),
            item.Utf8Json.IsEmpty ? item.Json ?? StoredJson.Write(state) : SqlValue.Utf8(item.Utf8Json),
            state.Provenance?.Agent,
            state.Priority);
    }

    private static void ChangeDue(Session session, DueChange change)
    {
        string subject = change.Subject.ToString();
        if (change.DueAt is not { } dueAt)
        {
            session.Execute(SqliteStatements.RemoveDue, subject, change.Kind, change.Token);
            return;
        }
        // A change that ends a claim is about a row that exists; without it there is nothing to end.
        var (add, update) = change.Mode switch
        {
            DueMode.Set => (SqliteStatements.AddDue, SqliteStatements.SetDue),
            DueMode.Retry => (SqliteStatements.AddDue, SqliteStatements.RetryDue),
            DueMode.BringForward => (SqliteStatements.AddDueOrBringForward, SqliteStatements.BringDueForward),
            DueMode.AddOnly => (SqliteStatements.AddDue, null),
            _ => throw new ArgumentException($"The due row {change.Kind} of {subject} has mode {(int)change.Mode}, which is no DueMode.", nameof(change)),
        };
        if (change.Token == 0 && (session.Execute(add, subject, change.Kind, Ticks(dueAt), change.Payload) == 1 || change.Mode == DueMode.BringForward)) return;
        if (update is not null) session.Execute(update, subject, change.Kind, Ticks(dueAt), change.Payload, change.Token);
    }
}
