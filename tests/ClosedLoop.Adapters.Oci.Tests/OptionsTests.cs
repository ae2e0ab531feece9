using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Oci.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void The_registration_says_what_the_adapter_feeds_and_reads()
    {
        var adapter = Given.Adapter(static o =>
        {
            o.Name = "harbor";
            o.PollInterval = TimeSpan.FromSeconds(7);
        });
        Assert.Equal("harbor", adapter.Name);
        Assert.Equal(["registry:harbor"], adapter.Writers.Select(static w => w.ToString()));
        Assert.Equal(Gates.ImageBuilt, Assert.Single(adapter.Gates));
        Assert.Equal([KeySchemes.Image, KeySchemes.Commit], adapter.ProbeSchemes.AsEnumerable());
        Assert.Equal((202, 18_000), (adapter.MalformedStatusCode, adapter.CallsPerHour));
        Assert.Equal(TimeSpan.FromSeconds(7), adapter.PollInterval);
    }

    [Fact]
    public void Every_problem_is_named_at_once_with_its_option_and_its_fix()
    {
        var e = Assert.Throws<OptionsValidationException>(static () => OciAdapter.Create(new OciOptions(), new HttpClient(), TimeProvider.System));
        Assert.Contains("Oci:Address is not set; set ", e.Message, StringComparison.Ordinal);
        Assert.Contains("Oci:WebhookSecret is not set", e.Message, StringComparison.Ordinal);
        Assert.Contains("Oci:Repositories lists 0 repositories", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<OciOptions>> Mistakes => new()
    {
        { "Oci:Name", static o => o.Name = "My Registry" },
        { "Oci:Flavour", static o => o.Flavour = (OciFlavour)9 },
        { "Oci:Address", static o => o.Address = new Uri("/v2", UriKind.Relative) },
        { "Oci:Address", static o => o.Address = new Uri("ftp://registry.acme.example") },
        { "Oci:Address", static o => o.Address = new Uri("https://ann:hunter2hunter2@registry.acme.example") },
        { "Oci:Address", static o => o.Address = new Uri("https://registry.acme.example/v2/") },
        { "Oci:Address", static o => o.Address = new Uri("https://registry.acme.example/?x=1") },
        { "Oci:Password", static o => o.UserName = "reader" },
        { "Oci:UserName", static o => o.Password = "hunter2hunter2" },
        { "Oci:UserName", static o => { o.UserName = "a:b"; o.Password = "hunter2hunter2"; } },
        { "Oci:Password", static o => { o.UserName = "reader"; o.Password = "hunter2hunter2\n"; } },
        { "Oci:WebhookSecret", static o => o.WebhookSecret = "hunter2" },
        { "Oci:WebhookSecret", static o => o.WebhookSecret = "  " },
        { "Oci:TokenHosts:0", static o => o.TokenHosts.Add("https://auth.example.org/token") },
        { "Oci:BlobHosts:0", static o => o.BlobHosts.Add("a/b") },
        { "Oci:BuildLabel", static o => o.BuildLabel = "" },
        { "Oci:PollInterval", static o => o.PollInterval = TimeSpan.Zero },
        { "Oci:QuietPollInterval", static o => o.QuietPollInterval = TimeSpan.FromSeconds(1) },
        { "Oci:CallsPerHour", static o => o.CallsPerHour = 1 },
        { "Oci:MaxTagsPerSweep", static o => o.MaxTagsPerSweep = 0 },
        { "Oci:RequestTimeout", static o => o.RequestTimeout = Timeout.InfiniteTimeSpan },
        { "Oci:Repositories:0:Name", static o => o.Repositories[0].Name = "registry.acme.example/acme/web:v1" },
        { "Oci:Repositories:0:Name", static o => o.Repositories[0].Name = "acme/../web" },
        { "Oci:Repositories:1:Name", static o => o.Repositories.Add(new OciRepository { Name = "ACME/web/" }) },
        { "Oci:Repositories:0:GitRepository", static o => o.Repositories[0].GitRepository = "shop" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_by_name_and_no_secret_is_repeated(string option, Action<OciOptions> mistake)
    {
        var e = Assert.Throws<OptionsValidationException>(() => Given.Adapter(mistake));
        string failure = Assert.Single(e.Failures);
        Assert.StartsWith(option + " ", failure, StringComparison.Ordinal);
        Assert.Contains("; ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_repositories_of_one_source_are_each_a_part_of_the_gate_unless_told_otherwise()
    {
        Assert.False(Announced(static _ => { }).IsPartial);
        var part = Announced(static o => o.Repositories.Add(new OciRepository { Name = "acme/worker", GitRepository = "Acme/Shop" }));
        Assert.True(part.IsPartial);
        Assert.Equal("acme/web", part.Name);
        Assert.False(Announced(static o =>
        {
            o.Repositories.Add(new OciRepository { Name = "acme/worker", GitRepository = "acme/shop" });
            o.Repositories[0].IsPartial = false;
        }).IsPartial);

        static Fact Announced(Action<OciOptions> change) => Given.Adapter(change).Translator!.Translate(Given.Delivery(Given.Notification(Given.Push(Given.Digest('a'))))).Facts.Single();
    }
}
