using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using System.Text;

namespace ClosedLoop.Intake;

/// <summary>
/// Folds a batch into what is to be stored: registers, lines, items, transitions, due rows. It reads first, in a few steps, everything that
/// the batch concerns; what it decides then is a pure function of that.
/// </summary>
internal sealed class BatchFold(PipelineCatalog pipelines, AdapterCatalog adapters, CoverageKinds kinds)
{
    /// <summary>So many changes are folded again in the transaction of the fact that concerns them; the rest follows in steps of this size.</summary>
    internal const int MaxConcerned = 1_000;

    // Fewer are folded sooner than other threads are woken.
    private const int ParallelFrom = 64;

    /// <exception cref="StaleReadException">The record changed while it was read: read and fold again.</exception>
    public async ValueTask<(StoreCommit Commit, IReadOnlyList<SubmissionResult> Results)> PlanAsync(IReadOnlyList<Submission> batch, WorkingSet set, IReadOnlySet<DeliveryId> known, ILoopStore store, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var work = new BatchWork(set, known, cancellationToken);
        var results = new SubmissionResult[batch.Count];
        var touchedBy = new HashSet<Key>[batch.Count];
        for (int i = 0; i < batch.Count; i++)
        {
            touchedBy[i] = [];
            results[i] = Take(batch[i], work, touchedBy[i]);
            if (batch[i].IsFirstRead) work.FirstRead.UnionWith(touchedBy[i]);
        }
        var index = new LineIndex(store, set.Index, set.PendingRows, cancellationToken);
        var map = new LineMap(index, set.Lines);
        await TakeLinesAsync(batch, work, index, map, now).ConfigureAwait(false);
        await FoldItemsAsync(work, index, map, now).ConfigureAwait(false);
        for (int i = 0; i < batch.Count; i++)
        {
            if (results[i].Outcome != SubmissionOutcome.Committed) continue;
            AddHints(batch[i], work, touchedBy[i], now);
            results[i] = results[i] with { ChangedItems = [.. touchedBy[i].Where(work.ChangedItems.Contains).Select(static k => k.Value).Order(StringComparer.Ordinal)] };
        }
        var commit = new StoreCommit
        {
            Token = set.Token,
            At = now,
            Log = work.Log,
            Registers = [.. work.Registers.Values.OrderBy(static f => f.Register)],
            Items = [.. work.Items.Values],
            RemovedItems = work.RemovedItems,
            Index = index.Changes,
            Transitions = work.Transitions,
            Due = work.Due,
            Deliveries = work.Deliveries,
            Quarantine = work.Quarantine,
        };
        return (commit, results);
    }

    /// <summary>Which rows of the line index taking a batch will ask for, as far as its facts say it.</summary>
    public IReadOnlyList<IndexRange> Ahead(IReadOnlyList<Submission> batch, FactGraph graph)
    {
        var ahead = new ReadAhead(kinds, graph);
        // Most of what is sent again is known here, and asks for nothing.
        List<Fact> news = [.. batch.SelectMany(static s => s.Facts).Where(f => graph.Find(f.Register)?.Equals(f) != true)];
        return [.. news.SelectMany(ahead.Of).Concat(new ReachAhead(graph, news).Ranges()).Distinct()];
    }

    /// <summary>What the line index has to hold because of registers that are stored already, and the items that they concern.</summary>
    public async ValueTask<(IReadOnlyList<IndexChange> Changes, IReadOnlyCollection<Key> Items)> PlanLinesAsync(IReadOnlyList<Fact> registers, WorkingSet set, ILoopStore store, CancellationToken cancellationToken)
    {
        var known = await set.BeginAsync(new LoadRequest { Subjects = registers.Select(static f => f.Subject).ToHashSet(), Targets = registers.SelectMany(static f => f.Links).ToHashSet() }, cancellationToken).ConfigureAwait(false);
        var work = new BatchWork(set, known, cancellationToken);
        foreach (var fact in registers) work.Graph.CollectItems(fact.Subject, work.Touched);
        var index = new LineIndex(store, set.Index, PendingRows.None, cancellationToken);
        await new LineBatch(index, new LineMap(index, set.Lines), kinds, work.Graph, work.LoadAsync).TakeAsync([], registers).ConfigureAwait(false);
        return (index.Changes, work.Touched);
    }

    private async ValueTask TakeLinesAsync(IReadOnlyList<Submission> batch, BatchWork work, LineIndex index, LineMap map, DateTimeOffset now)
    {
        var lines = new LineBatch(index, map, kinds, work.Graph, work.LoadAsync);
        await lines.TakeAsync(work.History, [.. work.Registers.Values]).ConfigureAwait(false);
        var concerned = new ConcernQueue(index, map);
        var changes = new HashSet<Key>(lines.Changes);
        await concerned.TakeAsync(lines.Ranges, changes, MaxConcerned).ConfigureAwait(false);
        foreach (string repository in batch.Select(static s => s.ContinueLine).OfType<string>().Distinct(StringComparer.Ordinal))
            await concerned.ContinueAsync(repository, changes, MaxConcerned).ConfigureAwait(false);
        foreach (string repository in concerned.Waiting)
            work.Due.Add(new DueChange { Subject = Key.Create("line", repository), Kind = DueKinds.Concern, DueAt = now });
        if (changes.Count == 0) return;
        await work.LoadAsync(changes, []).ConfigureAwait(false);
        foreach (var change in changes) work.Graph.CollectItems(change, work.Touched);
    }

    private async ValueTask FoldItemsAsync(BatchWork work, LineIndex index, LineMap map, DateTimeOffset now)
    {
        Key[] items = [.. work.Touched.Order()];
        var scopes = new (Key Item, PipelineDefinition Pipeline, ItemScope? Scope)[items.Length];
        Each(items.Length, i => scopes[i] = (items[i], pipelines.For(work.Graph, items[i]), work.Graph.Exists(items[i]) ? ItemScope.Collect(items[i], work.Graph) : null));
        var reader = new CoverageReader(index, map, kinds, work.Graph, work.LoadAsync, now);
        var coverage = await reader.ReadAsync([.. scopes.Where(static s => s.Scope is not null).SelectMany(static s => s.Scope!.Changes.Select(c => (s.Item, s.Pipeline, c)))]).ConfigureAwait(false);
        var folded = new (ItemState State, string Json)?[items.Length];
        Each(items.Length, i =>
        {
            var (item, pipeline, scope) = scopes[i];
            if (scope is null) return;
            foreach (var change in scope.Changes) change.Coverage = coverage.GetValueOrDefault((item, change.View.Change)) ?? ChangeCoverage.None;
            var state = ItemFold.Fold(pipeline, item, scope);
            folded[i] = (state, StoredJson.Write(state));
        });
        for (int i = 0; i < items.Length; i++) Take(items[i], folded[i], work, now);
    }

    // What is done for one item reads the working set and changes nothing of it.
    private static void Each(int count, Action<int> action)
    {
        if (count >= ParallelFrom) Parallel.For(0, count, action);
        else for (int i = 0; i < count; i++) action(i);
    }

    private SubmissionResult Take(Submission submission, BatchWork work, HashSet<Key> touched)
    {
        // A claim ends whatever became of its facts; its token protects it against a later claim.
        work.Due.AddRange(submission.Due);
        if (submission.Delivery is { } delivery)
        {
            if (!work.Known.Add(delivery)) return SubmissionResult.DuplicateOf(delivery);
            work.Deliveries.Add(delivery);
        }
        work.Quarantine.AddRange(submission.Quarantine);
        touched.UnionWith(submission.Touch);
        work.Touched.UnionWith(submission.Touch);
        List<string>? refusals = null;
        int fresh = 0;
        foreach (var sent in submission.Facts)
        {
            if ((FactLimits.Refuse(sent) ?? WriterAuthority.Refuse(sent, submission.Writers, pipelines.All)) is { } refusal)
            {
                (refusals ??= []).Add(refusal);
                work.Quarantine.Add(Refused(submission, sent, refusal));
                continue;
            }
            var fact = FactLimits.Apply(sent, submission.ReceivedAt, work.Graph.Find(sent.Register));
            bool changed = Apply(fact, work, touched);
            if (changed) fresh++;
            if (changed || work.Graph.Find(fact.Register)?.Equals(fact) != true)
                work.Log.Add(new LoggedFact(fact, StoredJson.Digest(fact), submission.Source));
            // The register keeps what is so now; what ran before is kept as one entry for each ordinal.
            if (fact.Subject.Is(KeySchemes.Environment) && kinds.IsLevel(fact.Kind)) Apply(EnvironmentEntry.Of(fact), work, touched);
        }
        if (!submission.History.IsDefaultOrEmpty) TakeHistory(submission, work, ref refusals);
        return new SubmissionResult { Outcome = SubmissionOutcome.Committed, Refusals = refusals ?? [], NewFacts = fresh };
    }

    // Most of what a look reads is known: that makes nobody's state another one, and nothing is folded for it.
    private static bool Apply(Fact fact, BatchWork work, HashSet<Key> touched)
    {
        // Items above the subject before and after: a fact may move its subject to another item.
        var items = work.Above;
        items.Clear();
        work.Graph.CollectItems(fact.Subject, items);
        var register = work.Graph.Apply(fact);
        if (register is not null)
        {
            work.Registers[register.Register] = register;
            work.Graph.CollectItems(fact.Subject, items);
            work.Touched.UnionWith(items);
        }
        touched.UnionWith(items);
        return register is not null;
    }

    private static void TakeHistory(Submission submission, BatchWork work, ref List<string>? refusals)
    {
        if (!submission.Writers.Any(static w => w.Role is WriterRoles.SourceControl or WriterRoles.Host))
        {
            (refusals ??= []).Add($"{submission.Source} may not say what a line's history is; {WriterRoles.SourceControl} and {WriterRoles.Host} may.");
            return;
        }
        foreach (var node in submission.History)
        {
            string repository = node.Repository.Trim().Trim('/').ToLowerInvariant();
            if (repository.Length is 0 or > FactLimits.NameCharacters || repository.Any(char.IsControl) || !CommitId.IsSha(node.Sha) || node.Parents.IsDefault || !node.Parents.All(CommitId.IsSha))
            {
                (refusals ??= []).Add($"'{node.Repository}@{node.Sha}' is no commit with its parents: ids are 40 or 64 hexadecimal digits.");
                continue;
            }
            work.History.Add(node with { Repository = repository, Sha = node.Sha.ToLowerInvariant(), Parents = [.. node.Parents.Select(static p => p.ToLowerInvariant())] });
        }
    }

    private void Take(Key item, (ItemState State, string Json)? folded, BatchWork work, DateTimeOffset now)
    {
        var before = work.Stored.GetValueOrDefault(item);
        if (folded is not var (state, json))
        {
            if (before is null) return;
            work.ChangedItems.Add(item);
            work.RemovedItems.Add(item.Value);
            work.Transitions.Add(new Transition { ItemId = item.Value, Kind = TransitionKind.Replaced, Detail = "its change belongs to a known item now", RecordedAt = now });
            return;
        }
        if (before is not null && !Differ(before.State, state) && StoredJson.Write(before.State) == json) return;
        work.ChangedItems.Add(item);
        work.Items.Add(item, new ItemRecord { State = state, Json = json, Version = (before?.Version ?? 0) + 1, UpdatedAt = now });
        TransitionLog.Append(work.Transitions, before?.State, state, now);
        DuePlan.Append(work.Due, before?.State, state, adapters.Probing, now, work.FirstRead.Contains(item));
    }

    // Only says yes when their JSON must differ, which most facts bring about: then the one before is not written to compare them.
    private static bool Differ(ItemState before, ItemState after)
    {
        if (before.Gates.Count != after.Gates.Count) return true;
        for (int i = 0; i < after.Gates.Count; i++)
        {
            GateView old = before.Gates[i], gate = after.Gates[i];
            if (old.Status != gate.Status || old.Reason != gate.Reason || old.Since != gate.Since) return true;
        }
        return false;
    }

    // A webhook is also a hint: what it spoke of is read again soon, so that what it did not say is found without waiting for the poll.
    private void AddHints(Submission submission, BatchWork work, HashSet<Key> touched, DateTimeOffset now)
    {
        if (submission.DeliveryId is null || adapters.Find(submission.Source) is not { Probe: not null } adapter) return;
        var items = new HashSet<Key>(touched);
        foreach (var hint in submission.Hints) work.Graph.CollectItems(hint, items);
        var soon = now + adapter.HintDelay;
        foreach (var item in items)
            if (work.IsOpen(item))
                work.Due.Add(new DueChange { Subject = item, Kind = DueKinds.Probe + adapter.Name, DueAt = soon, Mode = DueMode.BringForward });
        if ((items.Count == 0 && submission.Hints.Length > 0) || (adapter.ReadsLines && submission.Hints.Any(static h => h.Is(KeySchemes.Branch))))
            work.Due.Add(new DueChange { Subject = Key.Create("source", adapter.Name), Kind = DueKinds.Sweep + adapter.Name, DueAt = soon, Mode = DueMode.BringForward });
    }

    private static QuarantineEntry Refused(Submission submission, Fact fact, string refusal) => new()
    {
        // By content and day, so that neither a source that is read again and again nor a caller that asks again and again fills the
        // quarantine with one refusal.
        Id = $"{submission.Source}-refused-{StoredJson.Digest(fact with { Ordinal = default, OccurredAt = new DateTimeOffset(fact.OccurredAt.UtcDateTime.Date, TimeSpan.Zero) })}",
        Source = submission.Source,
        Kind = QuarantineKind.Refused,
        Detail = $"{fact.Kind} of {fact.Subject}: {refusal}",
        Body = Encoding.UTF8.GetBytes(StoredJson.Write(fact)),
        ReceivedAt = submission.ReceivedAt,
    };
}
