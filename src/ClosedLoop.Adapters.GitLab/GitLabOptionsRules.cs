using ClosedLoop.Adapters.GitLab.Observations;
using ClosedLoop.Adapters.GitLab.Webhooks;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.GitLab;

/// <summary>The rules of <see cref="GitLabOptions"/>.</summary>
internal static class GitLabOptionsRules
{
    public const string Section = "GitLab";

    public static IReadOnlyList<string> Check(GitLabOptions options)
    {
        var rules = new HostRules(Section);
        rules.CheckName(options.Name);
        rules.CheckRepositories("Projects", options.Projects, options.AllowAnyProject, "AllowAnyProject", "group/project", GitLabSettings.MinSegments, GitLabSettings.MaxSegments);
        if (options.ReceiveWebhooks && options.WebhookToken is null && options.SigningToken is null)
            rules.Add("WebhookToken", "is not set, so anybody could report anything", $"set the webhook's secret token here or its signing token as {Section}:SigningToken, or set {Section}:ReceiveWebhooks to false to only poll");
        rules.CheckSecret("WebhookToken", options.WebhookToken);
        rules.CheckSecret("PreviousWebhookToken", options.PreviousWebhookToken);
        CheckSigning("SigningToken", options.SigningToken);
        CheckSigning("PreviousSigningToken", options.PreviousSigningToken);
        if (options.PreviousWebhookToken is not null && options.WebhookToken is null) rules.Add("PreviousWebhookToken", "is set without WebhookToken", $"set {Section}:WebhookToken");
        if (options.PreviousSigningToken is not null && options.SigningToken is null) rules.Add("PreviousSigningToken", "is set without SigningToken", $"set {Section}:SigningToken");
        rules.CheckToken(options.Token);
        if (!options.ReceiveWebhooks && options.Token is null) rules.Add("Token", $"is not set and {Section}:ReceiveWebhooks is false, so nothing could ever be read", "set one of them");
        rules.CheckAddress(options.BaseAddress);
        rules.CheckTrailer(options.ItemTrailer);
        rules.CheckPattern("BranchPattern", options.BranchPattern);
        rules.CheckPattern("ItemLabelPattern", options.ItemLabelPattern);
        rules.CheckNames("TargetBranches", options.TargetBranches, "main");
        rules.CheckNames("PipelineSources", options.PipelineSources, "push");
        foreach (var (index, source) in options.PipelineSources.Index())
            if (source == PipelineFacts.CandidateSource)
                rules.Add($"PipelineSources:{index}", $"is {PipelineFacts.CandidateSource}: merge requests' and merge trains' pipelines are about a candidate, never about a line", "remove it");
        if (options.FollowMergeTrains && options.Token is null) rules.Add("FollowMergeTrains", "is set and Token is not, and no delivery says where a merge request stands", $"set {Section}:Token, with the role Developer");
        rules.CheckPolling(options.PollInterval, options.QuietPollInterval, options.RequestTimeout, options.CallsPerHour, GitLabOptions.MinCallsPerHour, options.MinRemainingRequests, options.MaxSweepPages);
        return rules.Problems;

        void CheckSigning(string option, string? token)
        {
            if (token is not null && SigningKey.Read(token) is null)
                rules.Add(option, $"is not {SigningKey.Prefix} and the base64 of {SigningKey.MinBytes} bytes or more", "copy the signing token as GitLab showed it");
        }
    }
}
