using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Storage;

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

    // When each delivery's event happens, after the pull request was opened.
    private static readonly int[] Minutes = [0, 20, 40, 60, 65, 75, 80];

    /// <summary>A week of merges, spread evenly, in the order in which they happened.</summary>
    public static IReadOnlyList<Submission> InOrder(int merges) => [.. Enumerable.Range(1, merges).SelectMany(number => Of(number, merges))];

    public static T[] Shuffled<T>(IReadOnlyList<T> signals, int copies)
    {
        T[] all = [.. Enumerable.Repeat(signals, copies).SelectMany(static s => s)];
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
        var opened = OpenedAt(number, merges);
        string sha = Sha(number);
        Writer scm = new(WriterRoles.SourceControl, "github"), ci = new(WriterRoles.Ci, "jenkins");
        Key pr = Key.PullRequest(repository, number), commit = Key.Commit(repository, sha), image = Key.Image($"sha256:{Digest(number)}"), deployment = Key.Deployment($"cluster/{number}");
        return
        [
            Delivery(1, Fact(pr, Gates.PrOpened, scm, Minutes[0], Key.Item($"BL-{number}"))),
            Delivery(2, Fact(Key.Review(repository, number, "ann"), Gates.Reviewed, scm, Minutes[1], pr)),
            Delivery(3, Fact(pr, Gates.Merged, scm, Minutes[2]) with { Revision = sha }, Fact(commit, FactKinds.Landing, scm, Minutes[2], pr) with { Status = GateStatus.Waiting }),
            Delivery(4, Fact(Key.Build($"https://ci.example/job/web/{number}/"), Gates.MainCi, ci, Minutes[3], commit) with { Name = "web" }),
            Delivery(5, Fact(image, Gates.ImageBuilt, new Writer(WriterRoles.Registry, "registry"), Minutes[4], commit)),
            Delivery(6, Fact(deployment, Gates.RolledOut, new Writer(WriterRoles.Deployer, "cluster"), Minutes[5], image)),
            Delivery(7, Fact(deployment, Gates.Healthy, new Writer(WriterRoles.Health, "cluster"), Minutes[6], image)),
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

        Submission Delivery(int gate, params Fact[] facts) => SilentSource.Delivery(facts, DeliveryName(number, gate).Id);
    }

    /// <summary>When a merge's pull request was opened.</summary>
    public static DateTimeOffset OpenedAt(int number, int merges) => Start + (TimeSpan.FromDays(7) / merges * number);

    public static string Sha(int number) => Hex($"commit {number}")[..40];

    public static string Digest(int number) => Hex($"image {number}");

    /// <summary>The name under which a delivery (gates count from 1) is known to the store.</summary>
    public static DeliveryId DeliveryName(int number, int gate, DateTimeOffset opened = default) =>
        // The id is as a sender makes it: it says nothing of its time.
        new(SilentSource.Name, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"delivery {number}.{gate}"))[..16]).ToString(), opened.AddMinutes(Minutes[gate - 1]));

    private static string Hex(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
