using System.Text;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>A build of the main branch starts, completes and is finalized, as the Notification plugin sends it.</summary>
public sealed class JenkinsConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output)
{
    private const string WebhookToken = "canary-jenkins-webhook-token", ApiToken = "canary-jenkins-api-token";
    private const long StartedAt = 1_767_603_600_000, Duration = 90_000;
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(StartedAt);
    private static readonly string Commit = new('a', 40);

    protected override AdapterExample Example() => new()
    {
        Create = static handler => JenkinsAdapter.Create(Options(), new HttpClient(handler), TimeProvider.System),
        Deliveries = [Delivery("STARTED", null), Delivery("COMPLETED", "SUCCESS"), Delivery("FINALIZED", "SUCCESS")],
        SignsBody = false,
        Record = static traffic => traffic
            .On("GET", "/job/web-main/api/json", $$"""{"builds":[{{Build()}}],"allBuilds":[{{Build()}}]}""")
            .On("GET", "/job/web-main/311/api/json", Build()),
        Look = new ProbeBatch { Source = JenkinsAdapter.Name, Keys = [Key.Build("https://ci.example/job/web-main/311")], SweepSince = Start.AddHours(-1), At = Start.AddHours(1) },
        // Only a notification of a running build, and the look at one, name the commit by itself.
        OneSided = [FactKinds.Link],
        Secrets = [WebhookToken, ApiToken],
    };

    private static JenkinsOptions Options()
    {
        var options = new JenkinsOptions { BaseAddress = new Uri("https://ci.example/"), UserName = "closedloop", ApiToken = ApiToken, WebhookToken = WebhookToken };
        options.Jobs.Add(new JenkinsJob { Path = "web-main", Repository = "acme/web", Branch = "main" });
        return options;
    }

    private static WebhookDelivery Delivery(string phase, string? status) => new()
    {
        Source = JenkinsAdapter.Name,
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-ClosedLoop-Token"] = WebhookToken, ["Content-Type"] = "application/json" },
        Body = Encoding.UTF8.GetBytes($$"""
            {"name":"web-main","display_name":"web-main","url":"job/web-main/","build":{"full_url":"https://ci.example/job/web-main/311/","number":311,"queue_id":17,"timestamp":{{StartedAt}},"duration":{{(status is null ? 0 : Duration)}},
             "phase":"{{phase}}",{{(status is null ? "" : $"\"status\":\"{status}\",")}}"url":"job/web-main/311/","display_name":"#311","scm":{"url":"https://github.com/acme/web.git","branch":"origin/main","commit":"{{Commit}}","changes":[],"culprits":[]},"parameters":{},"artifacts":{} } }
            """),
        ReceivedAt = Start.AddMinutes(2),
    };

    private static string Build() => $$"""
        {"number":311,"url":"https://ci.example/job/web-main/311/","result":"SUCCESS","building":false,"timestamp":{{StartedAt}},"duration":{{Duration}},
         "actions":[{},null,{"lastBuiltRevision":{"SHA1":"{{Commit}}","branch":[{"name":"refs/remotes/origin/main"}]},"remoteUrls":["https://github.com/acme/web.git"] }],"changeSets":[] }
        """;
}
