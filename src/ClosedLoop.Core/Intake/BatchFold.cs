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
    private const int ParallelFrom = 8;

    private readonly BatchSets _sets = new();

    /// <summary>Takes a batch's facts; what they make of lines and items is still to be folded. One batch at a time, as with the working set.</summary>
    public TakenBatch Take(IReadOnlyList<Submission> batch, WorkingSet set, IReadOnlySet<DeliveryId> known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var work = new BatchWork(set, _sets, known, batch.Count, cancellationToken);
        var taken = new Taken[batch.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = Take(batch[i], work, _sets.TouchedBy(i));
            if (batch[i].IsFirstRead) taken[i].Touched.AddTo(work.FirstRead);
        }
        var registers = work.Registers.Values.ToArray();
        Array.Sort(registers, Fact.CompareRegisters);
        var facts = new StoreCommit { At = now, Log = work.Log, Registers = registers, NewRegisters = work.NewRegisters, Deliveries = work.Deliveries, Quarantine = work.Quarantine };
        return new TakenBatch(batch, work, taken, facts);
    }

    /// <summary>Folds what a batch's facts make of lines and items.</summary>
    /// <exception cref="StaleReadException">The record changed while it was read: read and fold again.</exception>
    public async ValueTask<(StoreCommit Commit, IReadOnlyList<SubmissionResult> Results)> PlanAsync(TakenBatch whole, WorkingSet set, ILoopStore store, CancellationToken cancellationToken)
    {
        var (batch, work, taken, facts) = whole;
        var now = facts.At;
        var index = new LineIndex(store, set.Index, set.PendingRows, cancellationToken);
        var map = new LineMap(index, set.Lines);
        await TakeLinesAsync(batch, work, index, map, now).ConfigureAwait(false);
        await FoldItemsAsync(work, index, map, now).ConfigureAwait(false);
        var results = new SubmissionResult[batch.Count];
        for (int i = 0; i < results.Length; i++)
        {
            if (!taken[i].IsDuplicate) AddHints(batch[i], work, taken[i].Touched, now);
            results[i] = Result(batch[i], taken[i], work);
        }
        return (facts with { Items = work.Items, RemovedItems = work.RemovedItems, Index = index.Changes, Transitions = work.Transitions, Due = work.Due }, results);
    }

    /// <summary>Which rows of the line index taking a batch will ask for, as far as its facts say it.</summary>
    public IReadOnlyList<IndexRange> Ahead(IReadOnlyList<Submission> batch, FactGraph graph)
    {
        var ahead = new ReadAhead(kinds, graph);
        var ranges = _sets.Ranges;
        var news = new List<Fact>();
        foreach (var submission in batch)
        {
            foreach (var fact in submission.Facts)
            {
                // Most of what is sent again is known here, and asks for nothing.
                if (graph.Find(fact.Register)?.Equals(fact) == true) continue;
                news.Add(fact);
                foreach (var range in ahead.Of(fact)) ranges.Add(range);
            }
        }
        foreach (var range in new ReachAhead(graph, news).Ranges()) ranges.Add(range);
        return [.. ranges];
    }

    /// <summary>What the line index has to hold because of registers that are stored already, and the items that they concern.</summary>
    public async ValueTask<(IReadOnlyList<IndexChange> Changes, IReadOnlyCollection<Key> Items)> PlanLinesAsync(IReadOnlyList<Fact> registers, WorkingSet set, ILoopStore store, CancellationToken cancellationToken)
    {
        var known = await set.BeginAsync(new LoadRequest { Subjects = registers.Select(static f => f.Subject).ToHashSet(), Targets = registers.SelectMany(static f => f.Links).ToHashSet() }, cancellationToken).ConfigureAwait(false);
        var work = new BatchWork(set, _sets, known, 0, cancellationToken);
        foreach (var fact in registers) work.Graph.CollectItems(fact.Subject, work.Touched, work.Trail);
        var index = new LineIndex(store, set.Index, PendingRows.None, cancellationToken);
        await new LineBatch(index, new LineMap(index, set.Lines), kinds, work.Graph, work.LoadAsync).TakeAsync([], registers, [.. registers.Where(static f => f.IsHead)]).ConfigureAwait(false);
        return (index.Changes, [.. work.Touched]);
    }

    private async ValueTask TakeLinesAsync(IReadOnlyList<Submission> batch, BatchWork work, LineIndex index, LineMap map, DateTimeOffset now)
    {
        var lines = new LineBatch(index, map, kinds, work.Graph, work.LoadAsync);
        await lines.TakeAsync(work.History, [.. work.Registers.Values], work.Heads).ConfigureAwait(false);
        var concerned = new ConcernQueue(index, map);
        var changes = new HashSet<Key>(lines.Changes);
        await concerned.TakeAsync(lines.Ranges, changes, MaxConcerned).ConfigureAwait(false);
        foreach (string repository in batch.Select(static s => s.ContinueLine).OfType<string>().Distinct(StringComparer.Ordinal))
            await concerned.ContinueAsync(repository, changes, MaxConcerned).ConfigureAwait(false);
        foreach (string repository in concerned.Waiting)
            work.Due.Add(new DueChange { Subject = Key.Create("line", repository), Kind = DueKinds.Concern, DueAt = now });
        if (changes.Count == 0) return;
        await work.LoadAsync(changes, []).ConfigureAwait(false);
        foreach (var change in changes) work.Graph.CollectItems(change, work.Touched, work.Trail);
    }

    private async ValueTask FoldItemsAsync(BatchWork work, LineIndex index, LineMap map, DateTimeOffset now)
    {
        Key[] items = [.. work.Touched];
        Array.Sort(items);
        var scopes = new (PipelineDefinition Pipeline, ItemScope? Scope)[items.Length];
        Each(items.Length, (i, scratch) => scopes[i] = (pipelines.For(work.Graph, items[i]), work.Graph.Exists(items[i], scratch.BelowItem) ? ItemScope.Collect(items[i], work.Graph, scratch) : null));
        var changes = new List<(Key Item, PipelineDefinition Pipeline, ChangeScope Change)>(items.Length);
        for (int i = 0; i < items.Length; i++)
            foreach (var change in scopes[i].Scope?.Changes ?? [])
                changes.Add((items[i], scopes[i].Pipeline, change));
        var coverage = await new CoverageReader(index, map, kinds, work.Graph, work.LoadAsync, now).ReadAsync(changes).ConfigureAwait(false);
        foreach (var (item, _, change) in changes) change.Coverage = coverage.GetValueOrDefault((item, change.View.Change)) ?? ChangeCoverage.None;
        var folded = new (ItemState State, byte[] Json)?[items.Length];
        Each(items.Length, (i, scratch) =>
        {
            var (pipeline, scope) = scopes[i];
            if (scope is null) return;
            var state = ItemFold.Fold(pipeline, items[i], scope, scratch, work.Stored.GetValueOrDefault(items[i])?.State);
            folded[i] = (state, StoredJson.WriteUtf8(state));
        });
        for (int i = 0; i < items.Length; i++) Take(items[i], folded[i], work, now);
    }

    // What is done for one item reads the working set and changes nothing of it.
    private void Each(int count, Action<int, FoldScratch> action)
    {
        if (count < ParallelFrom)
        {
            for (int i = 0; i < count; i++) action(i, _sets.Scratch(0));
            return;
        }
        int taken = 0;
        Parallel.For(0, _sets.Workers, worker =>
        {
            for (int i; (i = Interlocked.Increment(ref taken) - 1) < count;) action(i, _sets.Scratch(worker));
        });
    }

    private Taken Take(Submission submission, BatchWork work, KeyTrail touched)
    {
        // A claim ends whatever became of its facts; its token protects it against a later claim.
        work.Due.AddRange(submission.Due.AsSpan());
        if (submission.Delivery is { } delivery)
        {
            if (!work.Known.Add(delivery)) return new Taken(touched, [], 0, IsDuplicate: true);
            work.Deliveries.Add(delivery);
        }
        work.Quarantine.AddRange(submission.Quarantine.AsSpan());
        foreach (var item in submission.Touch)
        {
            touched.Add(item);
            work.Touched.Add(item);
        }
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
            var known = work.Graph.Find(sent.Register);
            var fact = FactLimits.Apply(sent, submission.ReceivedAt, known);
            bool changed = Apply(fact, work, touched);
            // Where a line stood a moment ago is news while the history of its newest commit is not known.
            if (fact.IsHead && (changed || !fact.Equals(known))) work.Heads.Add(fact);
            if (changed) fresh++;
            if (changed && known is null) work.NewRegisters.Add(fact.Register);
            if (changed || work.Graph.Find(fact.Register)?.Equals(fact) != true)
                work.Log.Add(new LoggedFact(fact, changed ? null : StoredJson.Digest(fact), submission.Source));
            // The register keeps what is so now; what ran before is kept as one entry for each ordinal.
            if (fact.Subject.Is(KeySchemes.Environment) && kinds.IsLevel(fact.Kind)) Apply(EnvironmentEntry.Of(fact), work, touched);
        }
        if (!submission.History.IsDefaultOrEmpty) TakeHistory(submission, work, ref refusals);
        return new Taken(touched, (IReadOnlyList<string>?)refusals ?? [], fresh, IsDuplicate: false);
    }

    // Most of what a look reads is known: that makes nobody's state another one, and nothing is folded for it.
    private static bool Apply(Fact fact, BatchWork work, KeyTrail touched)
    {
        var items = work.Above;
        items.Clear();
        var register = work.Graph.Apply(fact, out var known);
        work.Graph.CollectItems(fact.Subject, items, work.Trail);
        if (register is not null)
        {
            work.Registers[register.Register] = register;
            // A fact may move its subject to another item: then it concerns that one and the one before.
            for (int l = 0; l < known?.Links.Count; l++)
                if (!register.Links.Contains(known.Links[l]))
                    work.Graph.CollectAbove(known.Links[l], items, work.Trail);
            foreach (var item in items) work.Touched.Add(item);
        }
        foreach (var item in items) touched.Add(item);
        return register is not null;
    }

    private static SubmissionResult Result(Submission submission, Taken taken, BatchWork work)
    {
        if (taken.IsDuplicate) return SubmissionResult.DuplicateOf(submission.Delivery!.Value);
        List<string>? changed = null;
        for (int i = 0; i < taken.Touched.Count; i++)
            if (work.ChangedItems.TryGetValue(taken.Touched[i], out var item))
                (changed ??= new(1)).Add(item?.State.Id ?? taken.Touched[i].Value);
        changed?.Sort(StringComparer.Ordinal);
        return new SubmissionResult { Outcome = SubmissionOutcome.Committed, Refusals = taken.Refusals, NewFacts = taken.Fresh, ChangedItems = (IReadOnlyList<string>?)changed ?? [] };
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

    private void Take(Key item, (ItemState State, byte[] Json)? folded, BatchWork work, DateTimeOffset now)
    {
        var before = work.Stored.GetValueOrDefault(item);
        if (folded is not var (state, json))
        {
            if (before is null) return;
            string id = before.State.Id;
            work.ChangedItems.Add(item, null);
            work.RemovedItems.Add(id);
            work.Transitions.Add(new Transition { ItemId = id, Kind = TransitionKind.Replaced, Detail = "its change belongs to a known item now", RecordedAt = now });
            return;
        }
        if (before is not null && !Differ(before.State, state) && json.AsSpan().SequenceEqual(StoredJson.WriteUtf8(before.State))) return;
        var record = new ItemRecord { State = state, Utf8Json = json, Version = (before?.Version ?? 0) + 1, UpdatedAt = now, Before = before?.State, IsBeforeKnown = true };
        work.ChangedItems.Add(item, record);
        work.Items.Add(record);
        TransitionLog.Append(work.Transitions, before?.State, state, now);
        DuePlan.Append(work.Due, item, before?.State, state, adapters.Probing, now, work.FirstRead.Contains(item));
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
    private void AddHints(Submission submission, BatchWork work, KeyTrail touched, DateTimeOffset now)
    {
        if (submission.DeliveryId is null || adapters.Find(submission.Source) is not { Probe: not null } adapter) return;
        var items = work.Above;
        items.Clear();
        touched.AddTo(items);
        foreach (var hint in submission.Hints) work.Graph.CollectItems(hint, items, work.Trail);
        string kind = DueKinds.Probe + adapter.Name;
        var soon = now + adapter.HintDelay;
        foreach (var item in items)
            if (work.IsOpen(item))
                work.Due.Add(new DueChange { Subject = item, Kind = kind, DueAt = soon, Mode = DueMode.BringForward });
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

    /// <summary>A batch whose facts are in the working set.</summary>
    /// <param name="Batch">What was sent.</param>
    /// <param name="Work">What is to be folded.</param>
    /// <param name="Taken">What became of each submission's facts.</param>
    /// <param name="Facts">What is to be stored whatever comes of the fold.</param>
    public sealed record TakenBatch(IReadOnlyList<Submission> Batch, BatchWork Work, IReadOnlyList<Taken> Taken, StoreCommit Facts);

    /// <summary>A submission that was taken: the items that it concerns, what was refused of it, and how many of its facts are new.</summary>
    public readonly record struct Taken(KeyTrail Touched, IReadOnlyList<string> Refusals, int Fresh, bool IsDuplicate);
}
