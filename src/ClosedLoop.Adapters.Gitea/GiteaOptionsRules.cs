using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.Gitea;

/// <summary>The rules of <see cref="GiteaOptions"/>.</summary>
internal static class GiteaOptionsRules
{
    public const string Section = "Gitea";

    public static IReadOnlyList<string> Check(GiteaOptions options)
    {
        var rules = new HostRules(Section);
        rules.CheckName(options.Name);
        rules.CheckRepositories("Repositories", options.Repositories, options.AllowAnyRepository, "AllowAnyRepository", "owner/name", 2, 2);
        if (options.ReceiveWebhooks && string.IsNullOrEmpty(options.WebhookSecret))
            rules.Add("WebhookSecret", "is not set, and an empty secret signs nothing", $"enter the webhook's secret, or set {Section}:ReceiveWebhooks to false to only poll");
        else rules.CheckSecret("WebhookSecret", options.WebhookSecret);
        rules.CheckSecret("PreviousWebhookSecret", options.PreviousWebhookSecret);
        rules.CheckToken(options.Token);
        if (!options.ReceiveWebhooks && options.Token is null) rules.Add("Token", $"is not set and {Section}:ReceiveWebhooks is false, so nothing could ever be read", "set one of them");
        rules.CheckAddress(options.BaseAddress);
        rules.CheckTrailer(options.ItemTrailer);
        rules.CheckPattern("BranchPattern", options.BranchPattern);
        rules.CheckPattern("ItemLabelPattern", options.ItemLabelPattern);
        rules.CheckNames("TargetBranches", options.TargetBranches, "main");
        rules.CheckNames("CompleteChecks", options.CompleteChecks, "ci.yml");
        rules.CheckNames("WorkflowEvents", options.WorkflowEvents, "push");
        rules.CheckPolling(options.PollInterval, options.QuietPollInterval, options.RequestTimeout, options.CallsPerHour, GiteaOptions.MinCallsPerHour, 0, options.MaxSweepPages);
        return rules.Problems;
    }
}
