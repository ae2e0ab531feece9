using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Jenkins.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_are_the_documented_ones()
    {
        var options = new JenkinsOptions();
        Assert.Equal(TimeSpan.FromSeconds(60), options.PollInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.RequestTimeout);
        Assert.Equal(200, options.MaxBuildsPerSweep);
        Assert.Equal(UnstableMeans.Failed, options.UnstableMeans);
    }

    [Fact]
    public void The_registration_says_what_the_adapter_feeds_and_reads()
    {
        using var http = new HttpClient();
        var adapter = JenkinsAdapter.Create(Given.Options(o => o.PollInterval = TimeSpan.FromSeconds(7)), http, TimeProvider.System);
        Assert.Equal("jenkins", adapter.Name);
        Assert.Equal(["ci:jenkins"], adapter.Writers.Select(static w => w.ToString()));
        Assert.Equal(Gates.MainCi, Assert.Single(adapter.Gates));
        Assert.Equal([KeySchemes.Build, KeySchemes.Commit], adapter.ProbeSchemes.AsEnumerable());
        Assert.Equal(1024 * 1024, adapter.MaxBodyBytes);
        Assert.Equal(400, adapter.MalformedStatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), adapter.PollInterval);
    }

    [Fact]
    public void Every_problem_is_named_at_once_with_its_option_and_its_fix()
    {
        using var http = new HttpClient();
        var e = Assert.Throws<OptionsValidationException>(() => JenkinsAdapter.Create(new JenkinsOptions(), http, TimeProvider.System));
        Assert.Contains("Jenkins:BaseAddress is not set; set ", e.Message, StringComparison.Ordinal);
        Assert.Contains("Jenkins:WebhookToken is not set", e.Message, StringComparison.Ordinal);
        Assert.Contains("Jenkins:Jobs lists 0 jobs; list 1 to 500", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<JenkinsOptions>> Mistakes => new()
    {
        { "Jenkins:BaseAddress", static o => o.BaseAddress = new Uri("/jenkins", UriKind.Relative) },
        { "Jenkins:BaseAddress", static o => o.BaseAddress = new Uri("ftp://ci.acme.example") },
        { "Jenkins:BaseAddress", static o => o.BaseAddress = new Uri("https://ann:hunter2hunter2@ci.acme.example") },
        { "Jenkins:BaseAddress", static o => o.BaseAddress = new Uri("https://ci.acme.example/?x=1") },
        { "Jenkins:PublicAddress", static o => o.PublicAddress = new Uri("file:///var") },
        { "Jenkins:ApiToken", static o => o.UserName = "closedloop" },
        { "Jenkins:UserName", static o => o.ApiToken = "hunter2hunter2" },
        { "Jenkins:ApiToken", static o => { o.UserName = "closedloop"; o.ApiToken = "hunter2hunter2\n"; } },
        { "Jenkins:UserName", static o => { o.UserName = "a:b"; o.ApiToken = "hunter2hunter2"; } },
        { "Jenkins:WebhookToken", static o => o.WebhookToken = "hunter2hunter2" },
        { "Jenkins:UnstableMeans", static o => o.UnstableMeans = (UnstableMeans)9 },
        { "Jenkins:PollInterval", static o => o.PollInterval = TimeSpan.Zero },
        { "Jenkins:MaxBuildsPerSweep", static o => o.MaxBuildsPerSweep = 0 },
        { "Jenkins:RequestTimeout", static o => o.RequestTimeout = Timeout.InfiniteTimeSpan },
        { "Jenkins:Jobs:0:Path", static o => o.Jobs[0].Path = "" },
        { "Jenkins:Jobs:0:Path", static o => o.Jobs[0].Path = "https://ci.acme.example/job/web-main" },
        { "Jenkins:Jobs:0:Path", static o => o.Jobs[0].Path = "job/acme/job/web" },
        { "Jenkins:Jobs:0:Path", static o => o.Jobs[0].Path = "acme/../web" },
        { "Jenkins:Jobs:0:Repository", static o => o.Jobs[0].Repository = "web" },
        { "Jenkins:Jobs:0:Branch", static o => o.Jobs[0].Branch = "" },
        { "Jenkins:Jobs:1:Path", static o => o.Jobs.Add(new JenkinsJob { Path = "WEB-main/", Repository = "acme/web" }) },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_by_name_and_no_secret_is_repeated(string option, Action<JenkinsOptions> mistake)
    {
        using var http = new HttpClient();
        var e = Assert.Throws<OptionsValidationException>(() => JenkinsAdapter.Create(Given.Options(mistake), http, TimeProvider.System));
        string failure = Assert.Single(e.Failures);
        Assert.StartsWith(option + " ", failure, StringComparison.Ordinal);
        Assert.Contains("; ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_copied_when_the_adapter_is_made()
    {
        var options = Given.Options();
        using var http = new HttpClient();
        var adapter = JenkinsAdapter.Create(options, http, TimeProvider.System);
        options.Jobs[0].Path = "other";
        Assert.Single(adapter.Translator!.Translate(Given.Delivery(Given.Notification(1, "STARTED"))).Facts);
    }

    [Fact]
    public void Two_jobs_of_one_branch_are_each_a_part_of_the_gate_unless_told_otherwise()
    {
        var translator = Given.Translator(static o => o.Jobs.Add(new JenkinsJob { Path = "web-e2e", Repository = "Acme/Web" }));
        Assert.True(translator.Translate(Given.Delivery(Given.Notification(1, "STARTED"))).State().IsPartial);

        translator = Given.Translator(static o => o.Jobs.Add(new JenkinsJob { Path = "web-e2e", Repository = "acme/web", IsPartial = false }));
        Assert.False(translator.Translate(Given.Delivery(Given.Notification(1, "STARTED", path: "job/web-e2e"))).State().IsPartial);

        translator = Given.Translator(static o =>
        {
            o.Jobs[0].Branch = "main";
            o.Jobs.Add(new JenkinsJob { Path = "web-release", Repository = "acme/web", Branch = "release" });
        });
        Assert.False(translator.Translate(Given.Delivery(Given.Notification(1, "STARTED"))).State().IsPartial);
    }
}
