using System.Diagnostics.Metrics;
using ClosedLoop.Adapters;
using ClosedLoop.Intake;
using ClosedLoop.Storage;

namespace ClosedLoop.Diagnostics;

/// <summary>The library's instruments, on the meter <c>ClosedLoop</c>.</summary>
internal sealed class LoopMetrics : IDisposable
{
    public const string MeterName = "ClosedLoop";

    private readonly Meter _meter = new(MeterName);
    private readonly DeliveryMetrics _delivery;
    private readonly ItemTraces _traces = new();
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _submissions;
    private readonly Counter<long> _facts;
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _probes;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _missingLooks;
    private readonly Histogram<double> _lookDelay;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _diagnostics;
    private long _duplicates;

    public LoopMetrics()
    {
        _delivery = new DeliveryMetrics(_meter);
        _deliveries = _meter.CreateCounter<long>("closedloop.deliveries", "{delivery}", "Webhook deliveries by source, event and outcome.");
        _submissions = _meter.CreateCounter<long>("closedloop.submissions", "{submission}", "Submissions by source and outcome.");
        _facts = _meter.CreateCounter<long>("closedloop.facts", "{fact}", "Facts that were new to the record, by source.");
        _transitions = _meter.CreateCounter<long>("closedloop.transitions", "{transition}", "Changes of the record.");
        _quarantined = _meter.CreateCounter<long>("closedloop.quarantined", "{input}", "Inputs kept aside, by source and kind.");
        _conflicts = _meter.CreateCounter<long>("closedloop.conflicts", "{conflict}", "Batches folded again because the record had changed.");
        _probes = _meter.CreateCounter<long>("closedloop.probes", "{probe}", "Probes by source and outcome.");
        _calls = _meter.CreateCounter<long>("closedloop.source.calls", "{call}", "Calls taken of the sources' budgets.");
        _missingLooks = _meter.CreateCounter<long>("closedloop.looks.missing", "{look}", "Open items that had no look planned at a source, and got one. Always 0 unless there is a defect or rows were deleted by hand.");
        _lookDelay = _meter.CreateHistogram("closedloop.look.delay", "s", "How late looks at items begin: it grows when a budget is too small or a source was away.", advice: DurationBuckets.Seconds);
        _alerts = _meter.CreateCounter<long>("closedloop.overdue", "{gate}", "Gates that exceeded a limit.");
        _diagnostics = _meter.CreateCounter<long>("closedloop.diagnostics", "{diagnostic}", "Values that this version does not know, by source.");
    }

    /// <summary>The meter, for instruments of other packages.</summary>
    public Meter Meter => _meter;

    /// <summary>How many deliveries were ignored as duplicates since the start.</summary>
    public long Duplicates => Interlocked.Read(ref _duplicates);

    public void Delivered(string source, string @event, WebhookOutcome outcome) =>
        _deliveries.Add(1, new("source", source), new("event", @event), new("outcome", outcome.ToString()));

    public void Committed(IReadOnlyList<Submission> batch, IReadOnlyList<SubmissionResult> results, StoreCommit commit)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            if (results[i].Outcome == SubmissionOutcome.Duplicate) Interlocked.Increment(ref _duplicates);
            _submissions.Add(1, new("source", batch[i].Source), new("outcome", results[i].Outcome.ToString()));
            if (results[i].NewFacts > 0) _facts.Add(results[i].NewFacts, new KeyValuePair<string, object?>("source", batch[i].Source));
        }
        foreach (var entry in commit.Quarantine) Quarantined(entry.Source, entry.Kind);
        if (commit.Transitions.Count == 0) return;
        _transitions.Add(commit.Transitions.Count);
        _delivery.Changed(commit);
        _traces.Changed(commit);
    }

    public void Duplicate(string source)
    {
        Interlocked.Increment(ref _duplicates);
        _submissions.Add(1, new("source", source), new("outcome", nameof(SubmissionOutcome.Duplicate)));
    }

    public void Busy(string source) => _submissions.Add(1, new("source", source), new("outcome", nameof(SubmissionOutcome.Busy)));

    public void Conflict() => _conflicts.Add(1);

    public void Quarantined(string source, QuarantineKind kind) => _quarantined.Add(1, new("source", source), new("kind", kind.ToString()));

    public void Probed(string source, ProbeOutcome outcome, int calls)
    {
        _probes.Add(1, new("source", source), new("outcome", outcome.ToString()));
        _calls.Add(calls, new KeyValuePair<string, object?>("source", source));
    }

    public void Looked(string source, TimeSpan delay) => _lookDelay.Record(delay.TotalSeconds, new KeyValuePair<string, object?>("source", source));

    public void MissingLooks(string source, int count) => _missingLooks.Add(count, new KeyValuePair<string, object?>("source", source));

    public void Overdue(string gate) => _alerts.Add(1, new KeyValuePair<string, object?>("gate", gate));

    public void Diagnostic(string source, int count) => _diagnostics.Add(count, new KeyValuePair<string, object?>("source", source));

    public void Dispose() => _meter.Dispose();
}
