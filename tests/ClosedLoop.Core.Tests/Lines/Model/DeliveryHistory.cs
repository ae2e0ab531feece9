using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>A generated history: a world and what is played in it. Prints itself as a story.</summary>
internal sealed record DeliveryHistory(int Seed, WorldShape Shape, Step[] Steps)
{
    // How often each move is tried, against the others.
    private static readonly (Move Move, int Weight)[] Weights =
    [
        (Move.Merge, 18), (Move.Propose, 1), (Move.PushDirectly, 4), (Move.LandAgain, 2), (Move.CherryPick, 4), (Move.Revert, 5), (Move.Lose, 1), (Move.ForcePush, 2),
        (Move.Return, 2), (Move.Promote, 4), (Move.Fork, 2), (Move.Build, 14), (Move.FinishBuild, 4), (Move.BuildAgain, 4), (Move.MakeImage, 5), (Move.RollOut, 14),
        (Move.FinishRollout, 6), (Move.RollBack, 6), (Move.RemoveTarget, 1), (Move.Judge, 3), (Move.CheckHealth, 10), (Move.BeginTracking, 1),
    ];

    private static readonly Move[] Bag = [.. Weights.SelectMany(static w => Enumerable.Repeat(w.Move, w.Weight))];

    public static Arbitrary<DeliveryHistory> Arbitrary() => Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(Make), Shrink);

    public static DeliveryHistory Make(int seed)
    {
        var random = new Random(seed);
        bool Chance(int oneIn) => random.Next(oneIn) == 0;
        bool staged = Chance(4);
        var shape = new WorldShape
        {
            Repositories = Chance(4) ? 2 : 1,
            Staged = staged,
            BlindReleases = Chance(5),
            OldHistory = Chance(4),
            Environments = Chance(3) ? 2 : 1,
            Targets = Chance(2) ? 2 : 1,
            Checks = Chance(2) ? 2 : 1,
            ChecksOfCommits = Chance(4),
            LevelReports = Chance(2),
            RequiresUnit = Chance(4),
            TargetRule = Chance(2) ? random.Next(4) : 0,
            OnlyProduction = Chance(4),
            OnlyMain = staged && Chance(2),
            DocsNeedNoImage = Chance(4),
        };
        var steps = new Step[random.Next(10, 61)];
        for (int i = 0; i < steps.Length; i++) steps[i] = new Step(Bag[random.Next(Bag.Length)], random.Next(720), random.Next(720), random.Next(720), random.Next(720));
        return new DeliveryHistory(seed, shape, steps);
    }

    public DeliveryWorld Play()
    {
        var world = new DeliveryWorld(Shape);
        foreach (var step in Steps) world.Play(step);
        return world;
    }

    public override string ToString() => $"history {Seed}, {Steps.Length} steps\n{Shape}\n{string.Join('\n', Play().Happenings.Select(Words.Tell))}\n";

    internal static IEnumerable<DeliveryHistory> Shrink(DeliveryHistory history)
    {
        var (steps, shape) = (history.Steps, history.Shape);
        for (int size = steps.Length; size > 0; size /= 2)
            for (int start = 0; start + size <= steps.Length; start += size)
                yield return history with { Steps = [.. steps[..start], .. steps[(start + size)..]] };
        foreach (var simpler in Simpler(shape))
            if (simpler != shape) yield return history with { Shape = simpler };
        for (int i = 0; i < steps.Length; i++)
            foreach (var simpler in new[] { steps[i] with { A = 0 }, steps[i] with { B = 0 }, steps[i] with { C = 0 }, steps[i] with { D = 0 } })
                if (simpler != steps[i]) yield return history with { Steps = [.. steps[..i], simpler, .. steps[(i + 1)..]] };
    }

    private static IEnumerable<WorldShape> Simpler(WorldShape shape) =>
    [
        shape with { Repositories = 1 }, shape with { Staged = false, OnlyMain = false }, shape with { OnlyMain = false }, shape with { BlindReleases = false },
        shape with { OldHistory = false }, shape with { Environments = 1 }, shape with { Targets = 1 }, shape with { Checks = 1 }, shape with { ChecksOfCommits = false },
        shape with { LevelReports = false }, shape with { RequiresUnit = false }, shape with { TargetRule = 0 }, shape with { OnlyProduction = false }, shape with { DocsNeedNoImage = false },
    ];
}
