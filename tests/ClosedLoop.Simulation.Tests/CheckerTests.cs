using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Simulation.Tests;

/// <summary>The checks can fail: an engine that is broken in one place is found, in each of these ways.</summary>
public sealed class CheckerTests
{
    // A calm world that only polls: what is missing is missed because of the sabotage and of nothing else.
    private static SimulationOptions Calm(int seed) => SimulationOptions.Of(seed) with { Nodes = 2, Faults = Cluster.Faults.None, BetweenCrashes = TimeSpan.Zero, Deploy = Deploy.None, Skew = TimeSpan.Zero };

    [Fact]
    public void The_calm_world_itself_passes() => Simulation.Run(Calm(1));

    [Fact]
    public void A_lost_due_row_is_found() =>
        Refused("nobody looks at it any more", c => c with { Due = [.. c.Due.Where(static d => d.DueAt is null || !d.Kind.StartsWith(DueKinds.Probe, StringComparison.Ordinal))] });

    [Fact]
    public void A_lost_sweep_is_found() =>
        Refused("is not the truth", c => c with { Due = [.. c.Due.Where(static d => !d.Kind.StartsWith(DueKinds.Sweep, StringComparison.Ordinal))] }, lost: 1);

    [Fact]
    public void An_acknowledgement_without_the_facts_is_found() =>
        Refused("is not the truth|acknowledged and not in the store|nobody looks at it any more", c => c.Deliveries.Count == 0 ? c : new StoreCommit { At = c.At, Deliveries = c.Deliveries });

    [Fact]
    public void A_red_build_that_is_shown_as_green_is_an_over_claim() => Refused("over-claim: ", c => c with
    {
        Items = [.. c.Items.Select(static i => i with
        {
            State = i.State with { Gates = [.. i.State.Gates.Select(static g => g.Gate == Gates.MainCi && g.Status == GateStatus.Failed ? g with { Status = GateStatus.Passed } : g)] },
            Json = null,
        })],
    }, red: 0.9);

    [Fact]
    public void A_merge_that_is_claimed_before_it_happened_is_an_over_claim() => Refused("over-claim: ", c => c with
    {
        Items = [.. c.Items.Select(static i => i with
        {
            State = i.State with { Gates = [.. i.State.Gates.Select(g => g.Gate == Gates.Merged && g.Status == GateStatus.Waiting && i.State.Changes.Count > 0 ? g with { Status = GateStatus.Passed, Since = i.State.OpenedAt } : g)] },
            Json = null,
        })],
    });

    [Fact]
    public void An_older_fact_in_the_place_of_a_newer_one_is_found()
    {
        var first = new Dictionary<RegisterId, Fact>();
        Refused("is not the truth|was the truth and is not any more|acknowledged and not in the store", c => c with
        {
            Registers = [.. c.Registers.Select(f => f.Kind == Gates.Reviewed && !first.TryAdd(f.Register, f) ? first[f.Register] : f)],
        });
    }

    [Fact]
    public void A_message_that_is_left_out_is_found() =>
        Refused("never delivered|left in the outbox", c => c, dropMessages: true);

    private static void Refused(string pattern, Func<StoreCommit, StoreCommit> sabotage, double lost = 0, double? red = null, bool dropMessages = false)
    {
        // One world may have no occasion for it; of several one has.
        for (int seed = 1; seed <= 12; seed++)
        {
            var options = Calm(seed);
            options = options with { Faults = options.Faults with { LostWebhook = lost, SinkFails = dropMessages ? 1 : 0 }, Pace = options.Pace with { Red = red ?? options.Pace.Red } };
            try
            {
                Simulation.Run(options, sabotage, faultsLast: dropMessages);
            }
            catch (SimulationException exception)
            {
                Assert.Matches(pattern, exception.Message);
                Assert.Contains($"Seed {seed}, virtual time 2026-", exception.Message, StringComparison.Ordinal);
                return;
            }
        }
        Assert.Fail("twelve worlds, and nobody noticed");
    }
}
