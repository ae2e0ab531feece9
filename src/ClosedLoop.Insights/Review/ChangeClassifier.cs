namespace ClosedLoop.Insights.Review;

/// <summary>Puts a pull request into green, yellow or red (mission/001). Red stands above yellow, and yellow above green; what is unknown makes it yellow at best. Pure.</summary>
public static class ChangeClassifier
{
    /// <summary>Classifies what is known.</summary>
    public static ReviewDecision Classify(ReviewInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var red = new List<string>();
        var yellow = new List<string>();
        Must(input.TestsPass, red, "tests-fail", "tests-unknown");
        Must(input.LintClean, red, "lint-violation", "lint-unknown");
        None(input.CertainFindings, red, "certain-finding", "findings-unknown");
        Must(!input.CrossesBoundary, red, "crosses-boundary", "boundary-unknown");
        Must(input.CoverageKept, yellow, "coverage-dropped", "coverage-unknown");
        Must(input.WithinSizeLimit, yellow, "too-large", "size-unknown");
        Must(input.PolicyMet, yellow, "approvals-missing", "policy-unknown");
        Must(input.QueueClear, yellow, "conflicts-with-queue", "queue-unknown");
        None(input.AiComments, yellow, "ai-comment", "ai-review-unknown");
        None(input.UnresolvedComments, yellow, "unresolved-comment", "comments-unknown");
        Must(!input.TouchesSensitiveCode, yellow, "sensitive-code", "sensitivity-unknown");
        Must(!input.ChangesSharedInterface, yellow, "shared-interface", "interface-unknown");
        Must(!input.AddsDependency, yellow, "new-dependency", "dependencies-unknown");
        return new ReviewDecision(input.Head, red.Count > 0 ? ReviewClass.Red : yellow.Count > 0 ? ReviewClass.Yellow : ReviewClass.Green, [.. red, .. yellow]);

        void Must(bool? holds, List<string> otherwise, string rule, string unknown)
        {
            if (holds is null) yellow.Add(unknown);
            else if (holds == false) otherwise.Add(rule);
        }

        void None(int? count, List<string> otherwise, string rule, string unknown) => Must(count is null ? null : count <= 0, otherwise, rule, unknown);
    }
}
