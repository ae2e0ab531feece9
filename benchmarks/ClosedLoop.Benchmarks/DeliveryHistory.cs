using ClosedLoop.Facts;

namespace ClosedLoop.Benchmarks;

/// <summary>The facts of one item that went all the way, with a red build before the green one.</summary>
internal static class DeliveryHistory
{
    private const string Repository = "acme/web";
    private const string Sha = "9f2c0d3b6a5e4f1c8b7a9d0e1f2a3b4c5d6e7f80";
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Fact> Of(int number)
    {
        var scm = new Writer(WriterRoles.SourceControl, "github");
        var ci = new Writer(WriterRoles.Ci, "jenkins");
        var pr = Key.PullRequest(Repository, number);
        string sha = string.Concat(Sha.AsSpan(0, 32), $"{number:x8}");
        var commit = Key.Commit(Repository, sha);
        var image = Key.Image("sha256:" + sha);
        var deployment = Key.Deployment($"cluster/{number}");
        return
        [
            Fact(pr, Gates.PrOpened, scm, 0, GateStatus.Passed, Key.Item($"BL-{number}")),
            Fact(Key.Review(Repository, number, "ann"), Gates.Reviewed, scm, 1, GateStatus.Passed, pr),
            Fact(pr, Gates.Merged, scm, 2, GateStatus.Passed) with { Revision = sha },
            Fact(commit, FactKinds.Landing, scm, 2, GateStatus.Waiting, pr),
            Fact(Key.Build($"https://ci.example/job/web/{number}1"), Gates.MainCi, ci, 3, GateStatus.Failed, commit) with { Name = "web" },
            Fact(Key.Build($"https://ci.example/job/web/{number}2"), Gates.MainCi, ci, 4, GateStatus.Passed, commit) with { Name = "web" },
            Fact(image, Gates.ImageBuilt, new Writer(WriterRoles.Registry, "registry"), 5, GateStatus.Passed, commit),
            Fact(deployment, Gates.RolledOut, new Writer(WriterRoles.Deployer, "cluster"), 6, GateStatus.Passed, image),
            Fact(deployment, Gates.Healthy, new Writer(WriterRoles.Health, "cluster"), 7, GateStatus.Passed, image),
        ];
    }

    private static Fact Fact(Key subject, string kind, Writer writer, int minute, GateStatus status, params Key[] links) => new()
    {
        Subject = subject,
        Kind = kind,
        Writer = writer,
        Ordinal = Ordinal.At(Start.AddMinutes(minute)),
        OccurredAt = Start.AddMinutes(minute),
        Status = status,
        Links = [.. links],
    };
}
