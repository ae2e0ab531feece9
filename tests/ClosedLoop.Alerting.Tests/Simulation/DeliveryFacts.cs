using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Alerting.Tests.Simulation;

/// <summary>Facts of one repository's delivery, as adapters write them.</summary>
internal sealed class DeliveryFacts(string repository)
{
    public string Repository => repository;

    public string Service => repository.Split('/')[1];

    public string Target => $"production/{Service}";

    public static Key Item(int item) => Key.Item(string.Create(CultureInfo.InvariantCulture, $"IT-{item:0000}"));

    public static string Sha(int item) => $"{item:x8}{new string('b', 32)}";

    public Fact Opened(int item, DateTimeOffset at) => Of(Given.Host, Item(item), FactKinds.Item, at) with
    {
        Attributes = Given.Opened(Item(item)).Attributes.SetItem(FactAttributes.Repository, repository),
    };

    public Fact PrOpened(int item, DateTimeOffset at) => Of(Given.Scm, Pr(item), Gates.PrOpened, at, GateStatus.Passed, Item(item));

    public Fact Reviewed(int item, DateTimeOffset at) => Of(Given.Scm, Key.Review(repository, item, "ann"), Gates.Reviewed, at, GateStatus.Passed, Pr(item)) with { Name = "ann" };

    public Fact[] Merged(int item, DateTimeOffset at)
    {
        var landed = Of(Given.Scm, Key.Commit(repository, Sha(item)), FactKinds.Landing, at, GateStatus.Waiting, Pr(item)) with { Revision = Sha(item) };
        return [Of(Given.Scm, Pr(item), Gates.Merged, at, GateStatus.Passed, Item(item)), landed with { Attributes = landed.Attributes.SetItem(FactAttributes.Branch, "main") }];
    }

    public Fact Built(int number, GateStatus status, DateTimeOffset at, params IEnumerable<int> items) =>
        Of(Given.Ci, Key.Build(string.Create(CultureInfo.InvariantCulture, $"https://ci.example/job/{Service}/{number}")), Gates.MainCi, at, status, [.. items.Select(i => Key.Commit(repository, Sha(i)))]) with
        {
            Name = Service,
            Ordinal = new Ordinal(number, 0, status == GateStatus.Running ? 1 : 2),
            Detail = string.Create(CultureInfo.InvariantCulture, $"{Service} #{number} {status}"),
        };

    public Fact Image(int item, DateTimeOffset at, params IEnumerable<int> items) =>
        Of(Given.Registry, Given.Image(Digest(item)), Gates.ImageBuilt, at, GateStatus.Passed, [.. items.Append(item).Distinct().Select(i => Key.Commit(repository, Sha(i)))]) with { Revision = "sha256:" + Digest(item) };

    /// <summary>What runs: the image of an item, which holds those of earlier ones.</summary>
    public Fact Runs(int item, GateStatus status, DateTimeOffset at, params IEnumerable<int> earlier) =>
        Of(Given.Deployer, Key.Environment(Target), Gates.RolledOut, at, status, [.. earlier.Append(item).Distinct().Select(i => Given.Image(Digest(i)))]) with { Name = Service, Environment = "production", Revision = "sha256:" + Digest(item) };

    public Fact Healthy(int item, GateStatus status, DateTimeOffset at, params IEnumerable<int> earlier) =>
        Of(Given.Health, Key.Create("monitor", Target), Gates.Healthy, at, status, [.. earlier.Append(item).Distinct().Select(i => Given.Image(Digest(i)))]) with { Name = Service, Environment = "production" };

    private static string Digest(int item) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(item)));

    private Key Pr(int item) => Key.PullRequest(repository, item);

    private static Fact Of(Writer writer, Key subject, string kind, DateTimeOffset at, GateStatus status = GateStatus.Waiting, params Key[] links) => new()
    {
        Subject = subject,
        Kind = kind,
        Writer = writer,
        Ordinal = Ordinal.At(at),
        Status = status,
        OccurredAt = at,
        Links = [.. links],
    };
}
