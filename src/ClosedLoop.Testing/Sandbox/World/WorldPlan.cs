using System.Globalization;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>Decides from the seed which changes there will be. Pure.</summary>
internal static class WorldPlan
{
    public static IReadOnlyList<ChangePlan> Create(SandboxOptions options)
    {
        var dice = new WorldDice(options.Seed, "plan");
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var plans = new List<ChangePlan>();
        for (var at = dice.NextArrival(options.ItemsPerSecond); at < options.GenerateFor && plans.Count < SandboxOptions.MaxItems; at += dice.NextArrival(options.ItemsPerSecond))
            plans.Add(Change(options, dice, at, plans.Count + 1, numbers));
        return plans;
    }

    private static ChangePlan Change(SandboxOptions options, WorldDice dice, TimeSpan at, int index, Dictionary<string, int> numbers)
    {
        string repository = options.Repositories[dice.Pick(options.Repositories.Length)];
        int number = numbers[repository] = numbers.GetValueOrDefault(repository) + 1;
        var link = dice.Chance(0.15) ? ChangeLink.None : dice.Chance(0.15) && options.OpenItem is not null ? ChangeLink.Branch : ChangeLink.Trailer;
        string id = link == ChangeLink.None
            ? string.Create(CultureInfo.InvariantCulture, $"pr:{repository}#{number}")
            : string.Create(CultureInfo.InvariantCulture, $"BL-{index}");
        string origin = string.Create(CultureInfo.InvariantCulture, $"{options.Seed}/{repository}/{number}");
        bool reviewed = !dice.Chance(0.08);
        var end = dice.Chance(0.06) ? ChangeEnd.Close : dice.Chance(0.5) ? ChangeEnd.Squash : ChangeEnd.Merge;
        return new ChangePlan
        {
            OpensAfter = at,
            Repository = repository,
            Number = number,
            Link = link,
            ItemId = id,
            Title = $"{Verbs[dice.Pick(Verbs.Length)]} {Things[dice.Pick(Things.Length)]}",
            Branch = string.Create(CultureInfo.InvariantCulture, $"work/{index}"),
            Author = string.Create(CultureInfo.InvariantCulture, $"builder-{1 + dice.Pick(6)}"),
            Reviewer = string.Create(CultureInfo.InvariantCulture, $"reviewer-{1 + dice.Pick(3)}"),
            HeadSha = WorldDice.Sha("head/" + origin),
            LandingSha = WorldDice.Sha("landing/" + origin),
            DraftFor = dice.Chance(0.2) ? dice.Between(300, 800) : null,
            ReviewedAfter = reviewed ? dice.Between(300, 1100) : null,
            ReworkedFor = reviewed && dice.Chance(0.2) ? dice.Between(400, 900) : null,
            End = end,
            EndsAfter = dice.Between(200, 800),
        };
    }

    private static readonly string[] Verbs = ["Fix", "Speed up", "Simplify", "Add tests for", "Document", "Guard", "Log", "Retry"];

    private static readonly string[] Things = ["the login form", "invoice export", "search paging", "session expiry", "the upload limit", "price rounding", "the import job", "address checks"];
}
