using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Diagnostics;

/// <summary>
/// What deliveries took and how they ended, under the names of OpenTelemetry's semantic conventions (cicd.*, vcs.*, deployment.*; 1.44). An item's way
/// through its pipeline is the pipeline run, a gate is a task. Recorded from transitions once they are stored: a repeated delivery, a poll or a rebuild
/// makes none. Items that were migrated count nowhere, and an item's id is never an attribute.
/// </summary>
internal sealed class DeliveryMetrics
{
    /// <summary>How many repositories and environments are told apart.</summary>
    public const int MostNames = 500;

    private readonly Histogram<double> _runs;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _tasks;
    private readonly Histogram<double> _changes;
    private readonly Histogram<double> _toApproval;
    private readonly Histogram<double> _toMerge;
    private readonly Counter<long> _deployed;
    private readonly BoundedNames _repositories = new(MostNames);
    private readonly BoundedNames _environments = new(MostNames);

    public DeliveryMetrics(Meter meter)
    {
        _runs = Seconds("cicd.pipeline.run.duration", "How long items took from being opened to DONE, or to being abandoned.");
        _errors = meter.CreateCounter<long>("cicd.pipeline.run.errors", "{error}", "Gates that failed, by the gate.");
        _tasks = Seconds("closedloop.gate.duration", "How long gates took from being reached until they held or failed.");
        _changes = Seconds("vcs.change.duration", "How long changes were in a state before they left it.");
        _toApproval = Seconds("vcs.change.time_to_approval", "How long changes took from being opened to their approval.");
        _toMerge = Seconds("vcs.change.time_to_merge", "How long changes took from being opened to their merge.");
        _deployed = meter.CreateCounter<long>("closedloop.deployed.items", "{item}", "Items that a rollout brought to an environment, that failed there, or that it took away again.");

        Histogram<double> Seconds(string name, string description) => meter.CreateHistogram(name, "s", description, advice: DurationBuckets.Seconds);
    }

    /// <summary>Records what a stored commit changed.</summary>
    public void Changed(StoreCommit commit)
    {
        var states = new Dictionary<string, ItemState>(StringComparer.Ordinal);
        foreach (var item in commit.Items) states[item.State.Id] = item.State;
        foreach (var transition in commit.Transitions)
        {
            if (!states.TryGetValue(transition.ItemId, out var state) || state.Migration is not null) continue;
            switch (transition.Kind)
            {
                case TransitionKind.Completed:
                    Run(state, "success", state.DoneAt - state.OpenedAt);
                    break;
                case TransitionKind.Abandoned:
                    Run(state, "cancellation", transition.RecordedAt - state.OpenedAt);
                    Change(state, "open", transition.RecordedAt - CreatedAt(state));
                    break;
                case TransitionKind.Gate when transition.From != transition.To:
                    Gate(state, transition);
                    break;
            }
        }
    }

    private void Run(ItemState state, string result, TimeSpan? took) =>
        Record(_runs, took, new("cicd.pipeline.name", state.Pipeline), new("cicd.pipeline.run.state", "executing"), new("cicd.pipeline.result", result));

    private void Gate(ItemState state, Transition transition)
    {
        var gate = state.Gate(transition.Gate!);
        bool held = transition.To == GateStatus.Passed;
        // A waiver, a baseline or a gate that was added later took no time.
        if (gate is null || (held && transition.Reason is Reason.Migrated or Reason.Baseline)) return;
        if (transition.To == GateStatus.Failed) _errors.Add(1, new("cicd.pipeline.name", state.Pipeline), new("error.type", gate.Gate));
        if (held || transition.To == GateStatus.Failed)
        {
            Record(_tasks, gate.Since - gate.EligibleAt, new("cicd.pipeline.name", state.Pipeline), new("cicd.pipeline.task.name", gate.Gate), new("cicd.pipeline.task.run.result", held ? "success" : "failure"));
        }
        switch (gate.Gate)
        {
            case Gates.Reviewed when held:
                Record(_toApproval, gate.Since - CreatedAt(state), Repository(state));
                break;
            case Gates.Merged when held:
                Record(_toMerge, gate.Since - CreatedAt(state), Repository(state));
                Change(state, "open", gate.Since - CreatedAt(state));
                break;
            case Gates.RolledOut when held || transition.To == GateStatus.Failed || transition.From == GateStatus.Passed:
                string? environment = _environments.Of(DeployedTo.Environment(gate.Subject));
                _deployed.Add(1, new TagList { { "vcs.repository.name", _repositories.Of(state.Repository) }, { "deployment.environment.name", environment }, { "deployment.status", held ? "succeeded" : "failed" } });
                break;
        }
    }

    private void Change(ItemState state, string left, TimeSpan? took) => Record(_changes, took, Repository(state), new("vcs.change.state", left));

    private KeyValuePair<string, object?> Repository(ItemState state) => new("vcs.repository.name", _repositories.Of(state.Repository));

    private static DateTimeOffset? CreatedAt(ItemState state) => state.Gate(Gates.PrOpened) is { HasEvidence: true, Since: { } since } ? since : null;

    // What is not known is not 0; and two clocks of two systems can stand a little apart.
    private static void Record(Histogram<double> histogram, TimeSpan? took, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (took is { } known) histogram.Record(Math.Max(0, known.TotalSeconds), tags);
    }
}
