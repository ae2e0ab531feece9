using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Lines;

namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>Facts of one repository's delivery, as adapters write them. Instants are minutes before now.</summary>
internal sealed class World(IIntake intake, string repository, DateTimeOffset now)
{
    public static readonly Writer Scm = new(WriterRoles.SourceControl, "github");
    public static readonly Writer Ci = new(WriterRoles.Ci, "jenkins");
    public static readonly Writer Registry = new(WriterRoles.Registry, "registry");
    public static readonly Writer Deployer = new(WriterRoles.Deployer, "cluster");
    public static readonly Writer Health = new(WriterRoles.Health, "probe");
    public static readonly Writer Host = new(WriterRoles.Host, "app");

    private string Service => repository.Split('/')[1];

    public string Sha(int number) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{repository}/{number}")))[..40];

    private static string Digest(int number) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(number)));

    private DateTimeOffset At(double minutesAgo) => now.AddMinutes(-minutesAgo);

    private Key Pr(int number) => Key.PullRequest(repository, number);

    private Key Commit(int number) => Key.Commit(repository, Sha(number));

    private string Url(string rest) => $"https://git.example/{repository}/{rest}";

    public async Task TellAsync(params IEnumerable<Fact> facts) => await TellAsync([], facts);

    public async Task TellAsync(IEnumerable<CommitNode> history, params IEnumerable<Fact> facts)
    {
        var all = facts.ToImmutableArray();
        var result = await intake.SubmitAsync(new Submission { Source = "test", ReceivedAt = now, Facts = all, History = [.. history], Writers = [.. all.Select(static f => f.Writer).Distinct()] });
        if (result.Outcome != SubmissionOutcome.Committed || result.Refusals.Count > 0) throw new InvalidOperationException($"{result.Outcome}: {string.Join(" ", result.Refusals)} {result.Detail}");
    }

    public Fact Opened(string item, double ago, string? title = null, string? agent = "builder-7", string? priority = "P2") => Of(Host, Key.Item(item), FactKinds.Item, ago) with
    {
        Attributes = Attributes(
            (FactAttributes.Title, title), (FactAttributes.Repository, repository), (FactAttributes.Agent, agent), (FactAttributes.Priority, priority),
            (FactAttributes.Model, agent is null ? null : "large-model-4"), (FactAttributes.Session, agent is null ? null : $"{agent}-{item}"), (FactAttributes.Iteration, agent is null ? null : "2"),
            (FactAttributes.PromptDigest, agent is null ? null : "sha256:9f2c41aa")),
    };

    public Fact PrOpened(string item, int number, double ago) => Of(Scm, Pr(number), Gates.PrOpened, ago, GateStatus.Passed, Key.Item(item)) with { Evidence = Evidence.At(Url($"pull/{number}"), $"#{number}") };

    public Fact PrClosed(string item, int number, double ago) => Of(Scm, Pr(number), Gates.PrOpened, ago, GateStatus.Failed, Key.Item(item)) with { Reason = Reason.Abandoned };

    public Fact Reviewed(int number, double ago, GateStatus status = GateStatus.Passed, string? detail = null) =>
        Of(Scm, Key.Review(repository, number, "reviewer-2"), Gates.Reviewed, ago, status, Pr(number)) with { Name = "reviewer-2", Detail = detail, Evidence = Evidence.At(Url($"pull/{number}#review"), "review") };

    public Fact[] Merged(string item, int number, double ago)
    {
        var landed = Of(Scm, Commit(number), FactKinds.Landing, ago, GateStatus.Waiting, Pr(number)) with { Revision = Sha(number), Attributes = Attributes((FactAttributes.Branch, "main")) };
        var head = Of(Scm, Key.Branch(repository, "main"), FactKinds.Head, ago) with { Revision = Sha(number) };
        return [Of(Scm, Pr(number), Gates.Merged, ago, GateStatus.Passed, Key.Item(item)) with { Evidence = Evidence.At(Url($"commit/{Sha(number)}"), Sha(number)[..7]) }, landed, head];
    }

    public CommitNode Node(int number, int? parent) => new(repository, Sha(number), parent is { } p ? [Sha(p)] : []) { CommittedAt = null };

    public Fact Built(int build, GateStatus status, double ago, int number, string? detail = null) =>
        Of(Ci, Key.Build($"https://ci.example/job/{Service}/{build}"), Gates.MainCi, ago, status, Commit(number)) with
        {
            Name = Service,
            Ordinal = new Ordinal(build, 0, status == GateStatus.Running ? 1 : 2),
            Detail = detail ?? string.Create(CultureInfo.InvariantCulture, $"{Service} #{build} {status}").ToLowerInvariant(),
            Evidence = Evidence.At($"https://ci.example/job/{Service}/{build}", $"build #{build}"),
        };

    public Fact Image(int number, double ago) => Of(Registry, Key.Image("sha256:" + Digest(number)), Gates.ImageBuilt, ago, GateStatus.Passed, Commit(number)) with { Revision = "sha256:" + Digest(number) };

    public Fact Runs(int number, double ago, GateStatus status = GateStatus.Passed) =>
        Of(Deployer, Key.Environment($"production/{Service}"), Gates.RolledOut, ago, status, Key.Image("sha256:" + Digest(number))) with { Name = Service, Environment = "production", Revision = "sha256:" + Digest(number) };

    public Fact Healthy(int number, double ago, GateStatus status = GateStatus.Passed) =>
        Of(Health, Key.Create("monitor", $"production/{Service}"), Gates.Healthy, ago, status, Key.Image("sha256:" + Digest(number))) with { Name = Service, Environment = "production" };

    private Fact Of(Writer writer, Key subject, string kind, double ago, GateStatus status = GateStatus.Waiting, params Key[] links) => new()
    {
        Subject = subject,
        Kind = kind,
        Writer = writer,
        Ordinal = Ordinal.At(At(ago)),
        Status = status,
        OccurredAt = At(ago),
        Links = [.. links],
    };

    private static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string? Value)[] values) =>
        values.Where(static v => v.Value is not null).ToImmutableSortedDictionary(static v => v.Name, static v => v.Value!, StringComparer.Ordinal);
}
