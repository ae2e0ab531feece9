using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Intake;

namespace ClosedLoop.LoadRig.Ingest;

/// <summary>
/// The deliveries of merges that went all the way, one for each of the seven gates, each as often as asked, in an order drawn from a seed:
/// what a rollout says may come before anybody has opened the pull request.
/// </summary>
internal static class MergeSignals
{
    public const int GatesPerMerge = 7;
    private const int Seed = 20261121;
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A week of merges, spread evenly, in the order in which they happened.</summary>
    public static IReadOnlyList<Submission> InOrder(int merges) => [.. Enumerable.Range(1, merges).SelectMany(number => Of(number, merges))];

    public static Submission[] Shuffled(IReadOnlyList<Submission> signals, int copies)
    {
        Submission[] all = [.. Enumerable.Repeat(signals, copies).SelectMany(static s => s)];
        new Random(Seed).Shuffle(all);
        return all;
    }

    /// <summary>Which merge (from 1) and which gate (from 0) each delivery of <see cref="InOrder"/> is about, by its id.</summary>
    public static IReadOnlyDictionary<string, (int Merge, int Gate)> Places(IReadOnlyList<Submission> inOrder) =>
        inOrder.Index().ToDictionary(static s => s.Item.DeliveryId!, static s => ((s.Index / GatesPerMerge) + 1, s.Index % GatesPerMerge), StringComparer.Ordinal);

    /// <summary>One merge's deliveries, in the order in which they happened.</summary>
    public static IEnumerable<Submission> Of(int number, int merges)
    {
        const string repository = "acme/web";
        var opened = Start + (TimeSpan.FromDays(7) / merges * number);
        string sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"commit {number}")))[..40], digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"image {number}")));
        Writer scm = new(WriterRoles.SourceControl, "github"), ci = new(WriterRoles.Ci, "jenkins");
        Key pr = Key.PullRequest(repository, number), commit = Key.Commit(repository, sha), image = Key.Image($"sha256:{digest}"), deployment = Key.Deployment($"cluster/{number}");
        return
        [
            Delivery(1, Fact(pr, Gates.PrOpened, scm, 0, Key.Item($"BL-{number}"))),
            Delivery(2, Fact(Key.Review(repository, number, "ann"), Gates.Reviewed, scm, 20, pr)),
            Delivery(3, Fact(pr, Gates.Merged, scm, 40) with { Revision = sha }, Fact(commit, FactKinds.Landing, scm, 40, pr) with { Status = GateStatus.Waiting }),
            Delivery(4, Fact(Key.Build($"https://ci.example/job/web/{number}/"), Gates.MainCi, ci, 60, commit) with { Name = "web" }),
            Delivery(5, Fact(image, Gates.ImageBuilt, new Writer(WriterRoles.Registry, "registry"), 65, commit)),
            Delivery(6, Fact(deployment, Gates.RolledOut, new Writer(WriterRoles.Deployer, "cluster"), 75, image)),
            Delivery(7, Fact(deployment, Gates.Healthy, new Writer(WriterRoles.Health, "cluster"), 80, image)),
        ];

        Fact Fact(Key subject, string kind, Writer writer, int minute, params Key[] links) => new()
        {
            Subject = subject,
            Kind = kind,
            Writer = writer,
            Ordinal = Ordinal.At(opened.AddMinutes(minute)),
            OccurredAt = opened.AddMinutes(minute),
            Status = GateStatus.Passed,
            Links = [.. links],
        };

        // The id is as a sender makes it: it says nothing of its time.
        Submission Delivery(int gate, params Fact[] facts) => SilentSource.Delivery(facts, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"delivery {number}.{gate}"))[..16]).ToString());
    }
}
