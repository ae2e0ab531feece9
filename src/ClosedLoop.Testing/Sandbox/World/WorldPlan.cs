using System.Globalization;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Decides from the seed which changes there will be. Pure.</summary>
internal static class WorldPlan
{
    /// <summary>The first repository gets this many times as many changes as each other one.</summary>
    private const int Busier = 3;

    public static IReadOnlyList<ChangePlan> Create(SandboxOptions options)
    {
        var dice = new WorldDice(options.Seed, "plan");
        var plans = new List<ChangePlan>();
        for (var at = dice.NextArrival(options.ItemsPerSecond); at < options.GenerateFor && plans.Count < SandboxOptions.MaxItems; at += dice.NextArrival(options.ItemsPerSecond))
            plans.Add(Change(options, dice, at, plans.Count + 1));
        return plans;
    }

    private static ChangePlan Change(SandboxOptions options, WorldDice dice, TimeSpan at, int index)
    {
        string repository = options.Repositories[Math.Max(0, dice.Pick(options.Repositories.Length + Busier - 1) - Busier + 1)];
        var link = dice.Chance(0.15) ? ChangeLink.None : dice.Chance(0.15) && options.OpenItem is not null ? ChangeLink.Branch : ChangeLink.Trailer;
        bool reviewed = !dice.Chance(0.08);
        var end = dice.Chance(0.06) ? ChangeEnd.Close : dice.Chance(0.5) ? ChangeEnd.Squash : ChangeEnd.Merge;
        return new ChangePlan
        {
            OpensAfter = at,
            Repository = repository,
            Link = link,
            WorkItem = link == ChangeLink.None ? null : string.Create(CultureInfo.InvariantCulture, $"BL-{index}"),
            Title = $"{Verbs[dice.Pick(Verbs.Length)]} {Things[dice.Pick(Things.Length)]}",
            Branch = string.Create(CultureInfo.InvariantCulture, $"work/{index}"),
            Author = string.Create(CultureInfo.InvariantCulture, $"builder-{1 + dice.Pick(6)}"),
            Reviewer = string.Create(CultureInfo.InvariantCulture, $"reviewer-{1 + dice.Pick(3)}"),
            HeadSha = WorldDice.Sha(string.Create(CultureInfo.InvariantCulture, $"head/{options.Seed}/{index}")),
            DraftFor = dice.Chance(0.2) ? dice.Between(300, 800) : null,
            ReviewedAfter = reviewed ? dice.Between(300, 1100) : null,
            ReworkedFor = reviewed && dice.Chance(0.2) ? dice.Between(400, 900) : null,
            End = end,
            EndsAfter = dice.Between(200, 800),
            BreaksMain = dice.Chance(options.BreakRate) && end != ChangeEnd.Close,
        };
    }

    private static readonly string[] Verbs = ["Fix", "Speed up", "Simplify", "Add tests for", "Document", "Guard", "Log", "Retry"];

    private static readonly string[] Things = ["the login form", "invoice export", "search paging", "session expiry", "the upload limit", "price rounding", "the import job", "address checks"];
}
