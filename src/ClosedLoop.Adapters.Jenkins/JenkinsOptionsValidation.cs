namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Checks the options; each problem names the option's path and how to fix it, and never repeats a secret.</summary>
internal static class JenkinsOptionsValidation
{
    public const string Section = "Jenkins";

    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    public static List<string> Problems(JenkinsOptions options)
    {
        var problems = new List<string>();
        CheckAddress(problems, nameof(options.BaseAddress), options.BaseAddress, required: true);
        CheckAddress(problems, nameof(options.PublicAddress), options.PublicAddress, required: false);
        CheckCredentials(problems, options);
        if (string.IsNullOrWhiteSpace(options.WebhookToken))
            Add(problems, nameof(options.WebhookToken), "is not set, so anybody could report builds", "set a random secret of 32 characters and put it into the notification's URL as ?token=…");
        else if (options.WebhookToken.Length < JenkinsOptions.MinTokenLength || options.WebhookToken.Any(char.IsControl))
            Add(problems, nameof(options.WebhookToken), $"is shorter than {JenkinsOptions.MinTokenLength} characters or holds control characters", "use a random secret of 32 letters and digits");
        if (!Enum.IsDefined(options.UnstableMeans))
            Add(problems, nameof(options.UnstableMeans), $"is {options.UnstableMeans}", "use Failed, Passed or Inconclusive");
        if (options.PollInterval < MinInterval || options.PollInterval > TimeSpan.FromDays(1))
            Add(problems, nameof(options.PollInterval), $"is {options.PollInterval}", "use 1 second to 1 day");
        if (options.QuietPollInterval is { } quiet && (quiet < options.PollInterval || quiet > TimeSpan.FromDays(1)))
            Add(problems, nameof(options.QuietPollInterval), $"is {quiet}", "use PollInterval to 1 day, or leave it out");
        if (options.CallsPerHour < JenkinsOptions.MinCallsPerHour)
            Add(problems, nameof(options.CallsPerHour), $"is {options.CallsPerHour}", $"use {JenkinsOptions.MinCallsPerHour} or more");
        if (options.MaxBuildsPerSweep is < 1 or > 5000)
            Add(problems, nameof(options.MaxBuildsPerSweep), $"is {options.MaxBuildsPerSweep}", "use 1 to 5000");
        if (options.RequestTimeout < MinInterval || options.RequestTimeout > TimeSpan.FromMinutes(5))
            Add(problems, nameof(options.RequestTimeout), $"is {options.RequestTimeout}", "use 1 second to 5 minutes");
        CheckJobs(problems, options);
        return problems;
    }

    private static void CheckAddress(List<string> problems, string option, Uri? address, bool required)
    {
        if (address is null)
        {
            if (required) Add(problems, option, "is not set", "set the address of Jenkins, such as https://ci.example.org/");
        }
        else if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            Add(problems, option, "is not an absolute http or https address", "write it as https://ci.example.org/");
        else if (address.UserInfo.Length > 0)
            Add(problems, option, "holds a user name or password", "remove it and set Jenkins:UserName and Jenkins:ApiToken");
        else if (address.Query.Length > 0 || address.Fragment.Length > 0)
            Add(problems, option, "has a query or fragment", "end it with Jenkins' own path, such as https://example.org/jenkins/");
        else if (address.AbsoluteUri.Length > 200)
            Add(problems, option, "is longer than 200 characters", "use a shorter address: builds are known by theirs");
    }

    private static void CheckCredentials(List<string> problems, JenkinsOptions options)
    {
        bool user = !string.IsNullOrEmpty(options.UserName), token = !string.IsNullOrEmpty(options.ApiToken);
        if (user != token)
            Add(problems, user ? nameof(options.ApiToken) : nameof(options.UserName), "is not set but its counterpart is", "set both Jenkins:UserName and Jenkins:ApiToken, or neither to read as anonymous");
        if (user && (options.UserName!.Contains(':', StringComparison.Ordinal) || options.UserName.Any(char.IsControl)))
            Add(problems, nameof(options.UserName), "holds a colon or control characters", "use the user's id, as in the address of its page in Jenkins");
        if (token && options.ApiToken!.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c)))
            Add(problems, nameof(options.ApiToken), "holds white space", "copy the token again, without a line break");
    }

    private static void CheckJobs(List<string> problems, JenkinsOptions options)
    {
        if (options.Jobs.Count is 0 or > JenkinsOptions.MaxJobs)
            Add(problems, nameof(options.Jobs), $"lists {options.Jobs.Count} jobs", $"list 1 to {JenkinsOptions.MaxJobs}, each with Path and Repository: builds of other jobs are ignored");
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < options.Jobs.Count; i++)
        {
            var job = options.Jobs[i];
            string path = $"{nameof(options.Jobs)}:{i}:{nameof(job.Path)}";
            if (JobName.Problem(job.Path) is { } problem) Add(problems, path, problem.What, problem.Fix);
            else if (!seen.TryAdd(JobName.Normalize(job.Path), i)) Add(problems, path, $"names the same job as {Section}:Jobs:{seen[JobName.Normalize(job.Path)]}", "remove one of them");
            if (!RemoteRepository.IsName(job.Repository))
                Add(problems, $"{nameof(options.Jobs)}:{i}:{nameof(job.Repository)}", "is not owner/name", "name the repository that the job builds, such as acme/web");
            if (job.IsMultibranch && job.Branch is null)
                Add(problems, $"{nameof(options.Jobs)}:{i}:{nameof(job.Branch)}", "is not set, and the project builds all branches", "set it to the branch that counts, such as main or release/*");
            if (job.PullRequestGate is { } gate && (!job.IsMultibranch || gate == Gates.MainCi || gate.Length is 0 or > 64 || !gate.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
                Add(problems, $"{nameof(options.Jobs)}:{i}:{nameof(job.PullRequestGate)}", "is not a gate that builds of pull requests can speak of", "name a gate before the merge, such as pr-ci, for a job with IsMultibranch; main-ci is of what landed");
            if (job.Branch is { } branch && (branch.Length is 0 or > 200 || branch.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c))))
                Add(problems, $"{nameof(options.Jobs)}:{i}:{nameof(job.Branch)}", "is not a branch name", "use a name such as main, or leave it out");
        }
    }

    private static void Add(List<string> problems, string option, string what, string fix) => problems.Add($"{Section}:{option} {what}; {fix}.");
}
