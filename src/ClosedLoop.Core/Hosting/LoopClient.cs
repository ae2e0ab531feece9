using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using ClosedLoop.Deadlines;
using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Reconciliation;
using ClosedLoop.Storage;

namespace ClosedLoop.Hosting;

internal sealed class LoopClient(
    EngineStart start, IIntake intake, ILoopStore store, PipelineCatalog pipelines, SourceHealth health, LimitClock limits, TransitionFeed feed, OrdinalClock ordinals, TimeProvider time, Writer writer)
    : IClosedLoop
{
    // Another process may change the record without a signal here.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public Writer Writer => writer;

    public IClosedLoop As(Writer other) => other == Writer.Migration
        ? throw new ArgumentException($"Only a migration writes as {other}; use ILoopMigration.", nameof(other))
        : new LoopClient(start, intake, store, pipelines, health, limits, feed, ordinals, time, other);

    public async ValueTask<RecordResult> OpenAsync(WorkItem item, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Pipeline is { } name && pipelines.Find(name) is null)
            throw new ArgumentException($"There is no pipeline '{name}'; configured are {string.Join(", ", pipelines.All.Select(static p => p.Name))}.", nameof(item));
        var key = Key.Item(item.Id);
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var known = await store.FindItemsAsync([item.Id], cancellationToken).ConfigureAwait(false);
        var attributes = Declare(item, known is [{ State: { Declared: true } state }] ? state : null);
        var opened = Draft(key, FactKinds.Item) with { Attributes = attributes };
        // Declaring more of an item does not open it again: its clocks run from when it was opened.
        if (known is [{ State: { Declared: true, Migration: null, OpenedAt: { } since } }]) opened = opened with { OccurredAt = since };
        return await SubmitAsync([opened, .. Links(key, item.Keys)], cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<RecordResult> RecordAsync(string itemId, string gate, Evidence evidence, params Key[] keys)
    {
        var item = Key.Item(itemId);
        return SubmitAsync([Gate(item, gate, GateStatus.Passed, evidence, null), .. Links(item, keys)], CancellationToken.None);
    }

    public ValueTask<RecordResult> RecordAsync(string itemId, string gate, GateStatus status, Evidence evidence, string? detail = null, CancellationToken cancellationToken = default) =>
        SubmitAsync([Gate(Key.Item(itemId), gate, status, evidence, detail)], cancellationToken);

    public ValueTask<RecordResult> RecordFactsAsync(IReadOnlyCollection<Fact> facts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return SubmitAsync([.. facts], cancellationToken);
    }

    public ValueTask<RecordResult> LinkAsync(string itemId, params Key[] keys) => SubmitAsync([.. Links(Key.Item(itemId), keys)], CancellationToken.None);

    public ValueTask<RecordResult> WaiveAsync(string itemId, string gate, string person, string reason, CancellationToken cancellationToken = default) =>
        ByPerson(itemId, gate, person, reason, GateStatus.NotApplicable, Reason.Waived, null, cancellationToken);

    public ValueTask<RecordResult> RecordByHandAsync(string itemId, string gate, string person, string reason, Evidence? evidence = null, CancellationToken cancellationToken = default) =>
        ByPerson(itemId, gate, person, reason, GateStatus.Passed, Reason.Recorded, evidence, cancellationToken);

    public async ValueTask<LoopStatus?> GetStatusAsync(string itemId, CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var found = await store.FindItemsAsync([itemId], cancellationToken).ConfigureAwait(false);
        return found.Count == 0 ? null : StatusView.Of(found[0], health, limits, time.GetUtcNow());
    }

    public async Task<LoopStatus?> WaitUntilDoneAsync(string itemId, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var deadline = timeout != Timeout.InfiniteTimeSpan && timeout < DateTimeOffset.MaxValue - now ? now + timeout : DateTimeOffset.MaxValue;
        while (true)
        {
            var changed = feed.Next;
            var status = await GetStatusAsync(itemId, cancellationToken).ConfigureAwait(false);
            var left = deadline - time.GetUtcNow();
            if (status is { IsDone: true } or { IsAbandoned: true } || left <= TimeSpan.Zero) return status;
            await WaitAsync(changed, left, cancellationToken).ConfigureAwait(false);
        }
    }

    public async IAsyncEnumerable<Transition> WatchAsync(string? itemId = null, long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var changed = feed.Next;
            var page = await store.ReadTransitionsAsync(new TransitionQuery { After = after, ItemId = itemId, Limit = 500 }, cancellationToken).ConfigureAwait(false);
            foreach (var transition in page)
            {
                after = transition.Sequence;
                yield return transition;
            }
            if (page.Count == 0) await WaitAsync(changed, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(Task changed, TimeSpan left, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Task.Delay(left < LookAgain ? left : LookAgain, time, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private ValueTask<RecordResult> ByPerson(string itemId, string gate, string person, string reason, GateStatus status, Reason why, Evidence? evidence, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(person);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        RequireGate(gate);
        var fact = Draft(Key.Item(itemId), gate) with { Writer = Writer.Person(person), Status = status, Reason = why, Detail = reason, Evidence = evidence };
        return SubmitAsync([fact], cancellationToken, fact.Writer);
    }

    // What a repetition leaves out stays as it was declared.
    private ImmutableSortedDictionary<string, string> Declare(WorkItem item, ItemState? before)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var agent = item.Agent is { } given
            ? new Provenance { Agent = given.Name, Model = given.Model, Session = given.Session, Iteration = given.Iteration, PromptDigest = given.PromptDigest }
            : before?.Provenance;
        Add(FactAttributes.Title, item.Title ?? before?.Title);
        Add(FactAttributes.Pipeline, item.Pipeline ?? (before?.Pipeline == pipelines.DefaultName ? null : before?.Pipeline));
        Add(FactAttributes.Priority, item.Priority ?? before?.Priority);
        Add(FactAttributes.Agent, agent?.Agent);
        Add(FactAttributes.Model, agent?.Model);
        Add(FactAttributes.Session, agent?.Session);
        Add(FactAttributes.Iteration, agent?.Iteration?.ToString(CultureInfo.InvariantCulture));
        Add(FactAttributes.PromptDigest, agent?.PromptDigest);
        return attributes.ToImmutable();

        void Add(string attribute, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value)) attributes[attribute] = value;
        }
    }

    private Fact Gate(Key item, string gate, GateStatus status, Evidence evidence, string? detail)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        if (status is GateStatus.Passed or GateStatus.NotApplicable && evidence.Url is null)
            throw new ArgumentException($"That {gate} holds needs evidence at an http(s) address; use Evidence.At(url). A person records without one through RecordByHandAsync.", nameof(evidence));
        RequireGate(gate);
        return Draft(item, gate) with { Status = status, Evidence = evidence, Detail = detail };
    }

    private void RequireGate(string gate)
    {
        foreach (var pipeline in pipelines.All)
            foreach (var definition in pipeline.Gates)
                if (definition.ListensTo(gate))
                    return;
        throw new ArgumentException($"No pipeline has a gate '{gate}'; there are {string.Join(", ", pipelines.All.SelectMany(static p => p.Gates).Select(static g => g.Name).Distinct())}.", nameof(gate));
    }

    private IEnumerable<Fact> Links(Key item, IEnumerable<Key> keys) =>
        keys.Select(key => key.IsEmpty ? throw new ArgumentException("A key is empty.", nameof(keys)) : Draft(key, FactKinds.Link) with { Links = [item] });

    private Fact Draft(Key subject, string kind) =>
        new() { Subject = subject, Kind = kind, Writer = writer, Ordinal = ordinals.Next(), OccurredAt = time.GetUtcNow() };

    private async ValueTask<RecordResult> SubmitAsync(ImmutableArray<Fact> facts, CancellationToken cancellationToken, Writer? speaker = null)
    {
        if (facts.IsEmpty) throw new ArgumentException("There is nothing to record: name at least one key or fact.", nameof(facts));
        await start.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var by = speaker ?? writer;
        var result = await intake.SubmitAsync(
            new Submission { Source = $"api:{by}", ReceivedAt = time.GetUtcNow(), Facts = facts, Writers = [by] }, cancellationToken).ConfigureAwait(false);
        return result.Outcome switch
        {
            SubmissionOutcome.Committed when result.Refusals.Count == 0 => new RecordResult { IsRecorded = true },
            SubmissionOutcome.Committed => new RecordResult { IsRecorded = false, Refusal = string.Join(" ", result.Refusals) },
            SubmissionOutcome.Busy => new RecordResult { IsRecorded = false, IsBusy = true, Refusal = result.Detail },
            _ => new RecordResult { IsRecorded = false, Refusal = result.Detail },
        };
    }
}
