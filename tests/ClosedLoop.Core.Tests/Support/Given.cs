using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>Facts as adapters write them, about one repository. Instants are minutes after the start.</summary>
internal static class Given
{
    public const string Repository = "acme/web";

    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    public static readonly Writer Scm = new(WriterRoles.SourceControl, "github");
    public static readonly Writer Ci = new(WriterRoles.Ci, "jenkins");
    public static readonly Writer Registry = new(WriterRoles.Registry, "oci");
    public static readonly Writer Deployer = new(WriterRoles.Deployer, "argo");
    public static readonly Writer Health = new(WriterRoles.Health, "probe");
    public static readonly Writer Host = new(WriterRoles.Host, "app");
    public static readonly Writer Agent = Writer.Agent("builder-7");
    public static readonly Writer Ann = Writer.Person("ann");

    public static DateTimeOffset At(double minute) => Start.AddMinutes(minute);

    public static Key Item(int id) => Key.Item(string.Create(CultureInfo.InvariantCulture, $"BL-{id}"));

    public static Key Pr(int number) => Key.PullRequest(Repository, number);

    public static Key Commit(string sha) => Key.Commit(Repository, sha);

    public static Key Branch(string name) => Key.Branch(Repository, name);

    public static Key Build(int number, string job = "web") => Key.Build(string.Create(CultureInfo.InvariantCulture, $"https://ci.example/job/{job}/{number}"));

    public static Key Image(string digest) => Key.Image("sha256:" + digest);

    public static Fact Of(Writer writer, Key subject, string kind, double minute, GateStatus status = GateStatus.Waiting, Reason reason = Reason.None, params Key[] links) => new()
    {
        Subject = subject,
        Kind = kind,
        Writer = writer,
        Ordinal = Ordinal.At(At(minute)),
        Status = status,
        Reason = reason,
        OccurredAt = At(minute),
        Links = [.. links],
    };

    public static Fact Opened(Key item, double minute = 0) => Of(Host, item, FactKinds.Item, minute);

    public static Fact Link(Writer writer, double minute, Key subject, params Key[] targets) => Of(writer, subject, FactKinds.Link, minute, links: targets);

    public static Fact PrOpen(int number, double minute, params Key[] links) => Of(Scm, Pr(number), Gates.PrOpened, minute, GateStatus.Passed, links: links);

    public static Fact PrClosed(int number, double minute, params Key[] links) => Of(Scm, Pr(number), Gates.PrOpened, minute, GateStatus.Failed, Reason.Abandoned, links);

    public static Fact Review(int number, string reviewer, GateStatus status, double minute) =>
        Of(Scm, Key.Review(Repository, number, reviewer), Gates.Reviewed, minute, status, links: Pr(number)) with { Name = reviewer };

    public static Fact Merged(int number, double minute, params Key[] links) => Of(Scm, Pr(number), Gates.Merged, minute, GateStatus.Passed, links: links);

    public static Fact Landed(string sha, int number, double minute) =>
        Of(Scm, Commit(sha), FactKinds.Landing, minute, links: Pr(number)) with { Revision = sha };

    /// <summary>One build of a job; its ordinal is its number and how far it is, as a CI system's is.</summary>
    public static Fact Built(int number, GateStatus status, double minute, params string[] commits) => Built(number, "web", status, Reason.None, minute, commits);

    public static Fact Built(int number, string job, GateStatus status, Reason reason, double minute, params string[] commits) =>
        Of(Ci, Build(number, job), Gates.MainCi, minute, status, reason, [.. commits.Select(Commit)]) with
        {
            Name = job,
            Ordinal = new Ordinal(number, 0, status == GateStatus.Running ? 1 : 2),
            Detail = string.Create(CultureInfo.InvariantCulture, $"{job} #{number} {status}"),
        };

    public static Fact ImageBuilt(string digest, double minute, params Key[] sources) =>
        Of(Registry, Image(digest), Gates.ImageBuilt, minute, GateStatus.Passed, links: sources) with { Revision = "sha256:" + digest };

    /// <summary>What an environment's target runs: a level, so one subject whose newest fact names the present image.</summary>
    public static Fact Runs(string environment, string digest, double minute, GateStatus status = GateStatus.Passed) =>
        Of(Deployer, Key.Environment(environment + "/web"), Gates.RolledOut, minute, status, links: Image(digest)) with { Name = "web", Environment = environment, Revision = "sha256:" + digest };

    public static Fact HealthOf(string environment, string digest, GateStatus status, double minute) =>
        Of(Health, Key.Create("monitor", environment + "/web"), Gates.Healthy, minute, status, links: Image(digest)) with { Name = "web", Environment = environment };

    /// <summary>An item through merge and a green build, in the usual order.</summary>
    public static Fact[] Delivered(int item, int number, string sha, double minute = 0) =>
    [
        Opened(Item(item), minute), PrOpen(number, minute + 1, Item(item)), Review(number, "ann", GateStatus.Passed, minute + 2),
        Merged(number, minute + 3, Item(item)), Landed(sha, number, minute + 3), Built(number, GateStatus.Passed, minute + 5, sha),
    ];
}
