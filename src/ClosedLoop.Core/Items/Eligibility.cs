using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Items;

/// <summary>
/// Sets when each gate became eligible and when its two clocks run out. Both count from the instant at which the gate before came
/// to hold, by the evidence, so that redelivered or flapping events never reset them (design section 8).
/// </summary>
internal static class Eligibility
{
    public static void Apply(PipelineDefinition pipeline, Span<GateDraft> gates, DateTimeOffset? opened, bool clocks, string? repository, string? priority)
    {
        int merged = MergedPlace(gates);
        DateTimeOffset? reached = opened;
        bool open = true;
        for (int i = 0; i < gates.Length; i++)
        {
            var definition = pipeline.Gates[i];
            ref var gate = ref gates[i];
            if (definition.IntroducedAt is { } introduced && !gate.HasEvidence && HadPassedBefore(gates, i, opened, introduced))
                gate = gate with { Status = GateStatus.NotApplicable, Reason = Reason.AddedLater, Since = introduced, Detail = "added to the pipeline after this item had passed here" };

            var eligible = open ? Later(reached, definition.IntroducedAt) : null;
            bool pastMerge = i < merged && gate.Reason == Reason.Skipped;
            bool running = clocks && eligible is not null && !gate.Holds && !pastMerge;
            var limits = Limits.Of(definition, repository, priority);
            var since = gate.Since;
            gate.EligibleAt = eligible;
            gate.Since ??= eligible;
            gate.StartBy = running && gate.Status == GateStatus.Waiting ? eligible + limits.Start + limits.Buffer : null;
            // What can never pass as configured needs a person now, not when the limit runs out.
            gate.FinishBy = !running ? null : gate.Reason == Reason.Misconfigured ? gate.Since : eligible + limits.Finish + limits.Buffer;
            // A review that was skipped does not keep the gates after it from becoming eligible.
            open = gate.Holds || pastMerge;
            // A gate that joined later holds nobody up, and what comes before a merge does not move the clocks of what comes after it.
            if (gate.Holds && gate.Reason != Reason.AddedLater) reached = gate.Gate == Gates.Merged ? since : Latest(reached, since);
        }
    }

    /// <summary>The place of the gate by which the change has landed, or -1 while it has not.</summary>
    public static int MergedPlace(ReadOnlySpan<GateDraft> gates)
    {
        for (int i = 0; i < gates.Length; i++)
            if (gates[i] is { Gate: Gates.Merged, Status: GateStatus.Passed }) return i;
        return -1;
    }

    private static bool HadPassedBefore(ReadOnlySpan<GateDraft> gates, int index, DateTimeOffset? opened, DateTimeOffset introduced)
    {
        if (index == 0 && opened < introduced) return true;
        for (int i = Math.Max(0, index - 1); i < gates.Length; i++)
            if (i != index && gates[i].Status == GateStatus.Passed && gates[i].Since < introduced)
                return true;
        return false;
    }

    private readonly record struct Limits(TimeSpan? Start, TimeSpan? Finish, TimeSpan Buffer)
    {
        public static Limits Of(GateDefinition gate, string? repository, string? priority)
        {
            if (gate.LimitOverrides.IsDefaultOrEmpty) return new Limits(gate.StartWithin, gate.FinishWithin, gate.Buffer);
            foreach (var other in gate.LimitOverrides)
                if (other.Matches(repository, priority))
                    return new Limits(other.StartWithin, other.FinishWithin, other.Buffer);
            return new Limits(gate.StartWithin, gate.FinishWithin, gate.Buffer);
        }
    }

    private static DateTimeOffset? Later(DateTimeOffset? instant, DateTimeOffset? floor) => instant is null ? null : Latest(instant, floor);

    private static DateTimeOffset? Latest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a > b ? a : b;
}
