using System.Collections.Immutable;

namespace ClosedLoop.Testing.Sandbox;

/// <summary>What happens in a <see cref="DeliverySandbox"/>, and how badly its webhooks travel.</summary>
public sealed record SandboxOptions
{
    /// <summary>The most items that one run makes: 100,000.</summary>
    public const int MaxItems = 100_000;

    /// <summary>Decides everything that happens: the same seed gives the same world. The default is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The repositories, <c>owner/name</c>; each has one CI job, one image repository and one service. The default is three.</summary>
    public ImmutableArray<string> Repositories { get; init; } = ["acme/web", "acme/api", "acme/worker"];

    /// <summary>What speaks for the repositories. What happens, and the truth of it, is the same with each. The default is GitHub.</summary>
    public SandboxSourceHost SourceHost { get; init; }

    /// <summary>
    /// How many changes are opened each second of sandbox time, on average. The default is 3. The first repository gets three times as many
    /// as each other one. However many there are, builds and rollouts take the newest commit and cover the rest.
    /// </summary>
    public double ItemsPerSecond { get; init; } = 3;

    /// <summary>How much faster than usual the world goes; at 1 most changes take about 6 to 12 seconds. The default is 1; 0.01 to 1,000.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>How long new changes are opened, in sandbox time (real time is this divided by <see cref="Speed"/>). The default is 20 s.</summary>
    public TimeSpan GenerateFor { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The share of changes that break main: every build is red until somebody repairs or reverts them. The default is 0.03; 0 to 1.</summary>
    public double BreakRate { get; init; } = 0.03;

    /// <summary>How often, about, a rollout turns out bad and is rolled back, in sandbox time. The default is 1 min; zero: never.</summary>
    public TimeSpan RollbackEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often, about, a change that is live is reverted, in sandbox time; half of these come back. The default is 20 s; zero: never.</summary>
    public TimeSpan RevertEvery { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How often, about, somebody pushes over the newest commit of a main branch, which comes back a few seconds later, in sandbox time. The
    /// default is 2 min; zero: never.
    /// </summary>
    public TimeSpan ForcePushEvery { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The share of webhooks that are sent twice, with the same delivery id. The default is 0.15; 0 to 1.</summary>
    public double DuplicateRate { get; init; } = 0.15;

    /// <summary>The share of webhooks that are never sent. The default is 0.05; 0 to 1.</summary>
    public double DropRate { get; init; } = 0.05;

    /// <summary>The share of webhooks that are held back, so that later ones overtake them. The default is 0.15; 0 to 1.</summary>
    public double ReorderRate { get; init; } = 0.15;

    /// <summary>The longest that a webhook is held back or a duplicate follows, in sandbox time. The default is 1 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Which system rolls out. The default is <see cref="SandboxDelivery.Kubernetes"/>.</summary>
    public SandboxDelivery Delivery { get; init; }

    /// <summary>The secrets. The default follows from <see cref="Seed"/>.</summary>
    public SandboxSecrets? Secrets { get; init; }

    /// <summary>
    /// Opens a work item in the system under test, before the branch that it is linked by has a change. Null: no item is linked by
    /// its branch; every change names its item in a trailer or stands for itself.
    /// </summary>
    public Func<SandboxItem, CancellationToken, Task>? OpenItem { get; init; }

    /// <summary>
    /// Marks an image bad in the system under test (<see cref="Facts.FactKinds.Veto"/>), as the person does who rolls it back: no registry or cluster
    /// knows of it. Null: nobody is told, and in the truth it counts only once it is rolled back.
    /// </summary>
    public Func<SandboxBadImage, CancellationToken, Task>? MarkBad { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(SourceHost)) throw Invalid(nameof(SourceHost), $"is {SourceHost}", "use GitHub, GitLab or Gitea");
        if (Repositories.IsDefaultOrEmpty) throw Invalid(nameof(Repositories), "is empty", "name at least one, such as acme/web");
        foreach (string repository in Repositories)
            if (repository.Split('/') is not [{ Length: > 0 }, { Length: > 0 }] || repository.Any(static c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('/' or '-')))
                throw Invalid(nameof(Repositories), $"has '{repository}'", "use owner/name in lower-case letters, digits and '-'");
        if (Repositories.Select(static r => r.Split('/')[1]).Distinct(StringComparer.Ordinal).Count() != Repositories.Length)
            throw Invalid(nameof(Repositories), "has two repositories of one name", "give each its own name: its CI job and its service are called so");
        if (!(ItemsPerSecond is > 0 and <= 10_000)) throw Invalid(nameof(ItemsPerSecond), $"is {ItemsPerSecond}", "use more than 0, up to 10,000");
        if (!(Speed is >= 0.01 and <= 1_000)) throw Invalid(nameof(Speed), $"is {Speed}", "use 0.01 to 1,000");
        if (GenerateFor <= TimeSpan.Zero) throw Invalid(nameof(GenerateFor), "is not positive", "use 20 s, for instance");
        if (GenerateFor.TotalSeconds * ItemsPerSecond > MaxItems) throw Invalid(nameof(GenerateFor), $"would make more than {MaxItems} items", "shorten it or lower ItemsPerSecond");
        if (MaxDelay < TimeSpan.Zero) throw Invalid(nameof(MaxDelay), "is negative", "use zero or more");
        if (RollbackEvery < TimeSpan.Zero) throw Invalid(nameof(RollbackEvery), "is negative", "use 1 min, for instance, or zero for never");
        if (RevertEvery < TimeSpan.Zero) throw Invalid(nameof(RevertEvery), "is negative", "use 20 s, for instance, or zero for never");
        if (ForcePushEvery < TimeSpan.Zero) throw Invalid(nameof(ForcePushEvery), "is negative", "use 2 min, for instance, or zero for never");
        if (!Enum.IsDefined(Delivery)) throw Invalid(nameof(Delivery), $"is {Delivery}", "use one of SandboxDelivery");
        Share(nameof(BreakRate), BreakRate);
        Share(nameof(DuplicateRate), DuplicateRate);
        Share(nameof(DropRate), DropRate);
        Share(nameof(ReorderRate), ReorderRate);
    }

    private static void Share(string name, double value)
    {
        if (!(value is >= 0 and <= 1)) throw Invalid(name, $"is {value}", "use a share from 0 to 1");
    }

    private static ArgumentException Invalid(string name, string problem, string fix) => new($"{nameof(SandboxOptions)}:{name} {problem}; {fix}.", name);
}
