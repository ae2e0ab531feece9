using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.GitHub.Tests;

public sealed class GitHubConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output)
{
    protected override AdapterExample Example() => new()
    {
        Create = static handler => GitHubAdapter.Create(Hook.Options(), new HttpClient(handler), TimeProvider.System),
        Deliveries =
        [
            Delivery("pull_request", Payloads.PullRequest("opened", 10)), Delivery("pull_request_review", Payloads.Review("submitted", "approved", 15)), Delivery("check_run", Payloads.CheckRun("completed", "success", 11, 14)),
            Delivery("pull_request", Payloads.Enqueued()), Delivery("pull_request", Payloads.Merged(30)), Delivery("push", Payloads.Push(Payloads.Landing, 31)), Delivery("merge_group", Payloads.MergeGroup("destroyed", "merged")),
            Delivery("workflow_run", Payloads.WorkflowRun("in_progress", null, 40)), Delivery("workflow_run", Payloads.WorkflowRun("completed", "success", 50)), Delivery("status", Payloads.Status("success", 45)),
            Delivery("deployment_status", Payloads.DeploymentStatus("success", 70)),
        ],
        Sign = static d => Hook.Delivery(d.Header("X-GitHub-Event")!, d.Body.ToArray(), Convert.ToHexStringLower(SHA256.HashData(d.Body.Span))),
        Secrets = [Hook.Secret],
    };

    private static WebhookDelivery Delivery(string name, JsonNode payload)
    {
        byte[] body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        return Hook.Delivery(name, body, Convert.ToHexStringLower(SHA256.HashData(body)));
    }
}
