using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Diagnostics;

/// <summary>
/// One trace for each time an item completes: the item from opened to DONE, and in it a span for each gate from when it was reached until it held or
/// failed. Written once the end is stored, with the instants of the evidence. The trace's id follows from the item and the end, so that every node and
/// every run of the same history gives the same one; what comes after DONE joins it. Names and attributes are those of OpenTelemetry's conventions for CI/CD (1.44).
/// </summary>
internal sealed class ItemTraces
{
    /// <summary>Of how many items the last trace is remembered, to link the next one to it.</summary>
    public const int MostRemembered = 10_000;

    private readonly TraceMemory _memory = new(MostRemembered);

    /// <summary>Writes what a stored commit ended.</summary>
    public void Changed(StoreCommit commit)
    {
        if (!LoopActivities.Source.HasListeners()) return;
        var states = new Dictionary<string, ItemState>(StringComparer.Ordinal);
        foreach (var item in commit.Items) states[item.State.Id] = item.State;
        var ended = commit.Transitions.Where(static t => t.Kind is TransitionKind.Completed or TransitionKind.Abandoned).Select(static t => t.ItemId).ToHashSet(StringComparer.Ordinal);
        // What runs now is no parent of what took days.
        var current = Activity.Current;
        Activity.Current = null;
        try
        {
            foreach (var transition in commit.Transitions)
            {
                if (!states.TryGetValue(transition.ItemId, out var state) || state.Migration is not null) continue;
                switch (transition.Kind)
                {
                    case TransitionKind.Completed:
                        Run(state, state.DoneAt ?? transition.RecordedAt, "success");
                        break;
                    case TransitionKind.Abandoned:
                        Run(state, transition.RecordedAt, "cancellation");
                        break;
                    case TransitionKind.Reopened:
                        Regressed(state, transition);
                        break;
                    case TransitionKind.Gate when state is { IsDone: true, DoneAt: { } doneAt } && !ended.Contains(state.Id) && state.Gate(transition.Gate!) is { } gate && IsOver(gate):
                        Gate(state, gate, new ActivityContext(TraceIdOf(state.Id, doneAt), default, ActivityTraceFlags.Recorded));
                        break;
                }
            }
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>The trace of an item that ended at an instant.</summary>
    public static ActivityTraceId TraceIdOf(string item, DateTimeOffset endedAt)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"closedloop\n{item}\n{endedAt.UtcTicks}")));
        return ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16));
    }

    private void Run(ItemState state, DateTimeOffset endedAt, string result)
    {
        // A parent without a span: the trace is given, and this is its root.
        var trace = new ActivityContext(TraceIdOf(state.Id, endedAt), default, ActivityTraceFlags.Recorded);
        var before = _memory.Find(state.Id);
        var links = before is { } last && last.TraceId != trace.TraceId ? new[] { new ActivityLink(last) } : [];
        var root = LoopActivities.Source.StartActivity("RUN " + state.Pipeline, ActivityKind.Server, trace, Tags(state).Append(new("cicd.pipeline.result", result)), links, Start(state.OpenedAt, endedAt));
        if (root is null) return;
        foreach (var gate in state.Gates)
            if (IsOver(gate)) Gate(state, gate, root.Context);
        root.SetEndTime(endedAt.UtcDateTime);
        root.Stop();
        _memory.Keep(state.Id, root.Context);
    }

    private static void Gate(ItemState state, GateView gate, ActivityContext parent)
    {
        var end = gate.Since ?? gate.EligibleAt ?? state.OpenedAt;
        if (end is not { } endedAt) return;
        using var span = LoopActivities.Source.StartActivity(gate.Gate, ActivityKind.Internal, parent, startTime: Start(gate.EligibleAt ?? state.OpenedAt, endedAt));
        if (span is null) return;
        bool failed = gate.Status == GateStatus.Failed;
        span.SetTag("cicd.pipeline.task.name", gate.Gate);
        span.SetTag("cicd.pipeline.task.run.id", $"{state.Id}/{gate.Gate}");
        span.SetTag("cicd.pipeline.task.run.result", failed ? "failure" : gate.Status == GateStatus.NotApplicable ? "skip" : "success");
        if (gate.Evidence?.Url is { } url) span.SetTag("cicd.pipeline.task.run.url.full", url.AbsoluteUri);
        if (gate.Revision is { } revision) span.SetTag("vcs.ref.head.revision", revision);
        if (gate.Gate == Gates.RolledOut)
        {
            if (DeployedTo.Environment(gate.Subject) is { } environment) span.SetTag("deployment.environment.name", environment);
            span.SetTag("deployment.status", failed ? "failed" : "succeeded");
        }
        span.SetTag("closedloop.gate.reason", gate.Reason.ToString());
        if (gate.Writer is { } writer) span.SetTag("closedloop.gate.writer", writer.ToString());
        if (failed) span.SetStatus(ActivityStatusCode.Error, gate.Detail);
        span.SetEndTime(endedAt.UtcDateTime);
    }

    // What undid it belongs to the trace of what was undone.
    private void Regressed(ItemState state, Transition transition)
    {
        if (_memory.Find(state.Id) is not { } last) return;
        using var span = LoopActivities.Source.StartActivity("REGRESSED " + state.Pipeline, ActivityKind.Internal, last, Tags(state), startTime: transition.RecordedAt);
        if (span is null) return;
        if (transition.Gate is { } gate) span.SetTag("cicd.pipeline.task.name", gate);
        span.SetStatus(ActivityStatusCode.Error, transition.Gate is null ? null : transition.Gate + " no longer holds");
        span.SetEndTime(transition.RecordedAt.UtcDateTime);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Tags(ItemState state)
    {
        yield return new("cicd.pipeline.name", state.Pipeline);
        yield return new("cicd.pipeline.action.name", "RUN");
        yield return new("cicd.pipeline.run.id", state.Id);
        if (state.Repository is { } repository) yield return new("vcs.repository.name", repository);
        if (state.Changes is [var change, ..])
        {
            if (change.Change.Is(KeySchemes.PullRequest)) yield return new("vcs.change.id", change.Change.Value[(change.Change.Value.LastIndexOf('#') + 1)..]);
            yield return new("vcs.change.state", change.Abandoned ? "closed" : change.Landings.Count > 0 ? "merged" : "open");
            if (change.Head is { } head) yield return new("vcs.ref.head.revision", head);
        }
        if (state.Provenance is { } made)
        {
            yield return new("closedloop.agent.name", made.Agent);
            if (made.Model is { } model) yield return new("gen_ai.request.model", model);
        }
    }

    private static bool IsOver(GateView gate) => (gate.Holds && gate.Reason is not (Reason.AddedLater or Reason.Migrated or Reason.Baseline)) || gate.Status == GateStatus.Failed;

    // Evidence of two systems bears two clocks: what ends before it begins took no time.
    private static DateTimeOffset Start(DateTimeOffset? start, DateTimeOffset end) => start is { } known && known < end ? known.ToUniversalTime() : end.ToUniversalTime();
}
