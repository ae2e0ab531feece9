using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>What one of GitLab's own notes says of a merge train; the API keeps nothing else of a train that was left.</summary>
internal sealed record TrainNote(Reason Reason, string Detail)
{
    private const string Because = " because ", Help = " [Learn more](";

    /// <summary>Whether a note is about a merge train at all.</summary>
    public static bool IsAbout(string body) => body.Contains("merge train", StringComparison.Ordinal);

    /// <summary>Reads it; null when it says that the train was entered, or nothing that is known.</summary>
    public static TrainNote? Read(string body)
    {
        var (said, why) = Split(body);
        string? reason = why is null ? null : SourceText.Quote(why);
        return said switch
        {
            "removed this merge request from the merge train" or "aborted this merge request from the merge train" => reason is null
                ? new TrainNote(Reason.Cancelled, "taken out of the merge train by hand")
                : new TrainNote(Reason.Inconclusive, $"dropped from the merge train: {reason}"),
            "cancelled automatic add to merge train" => new TrainNote(Reason.Cancelled, "is no longer put into the merge train by itself"),
            "aborted automatic add to merge train" => new TrainNote(Reason.Inconclusive, reason is null ? "is no longer put into the merge train by itself" : $"is not put into the merge train: {reason}"),
            _ => said.StartsWith("enabled automatic add to merge train when ", StringComparison.Ordinal) ? new TrainNote(Reason.None, "is put into the merge train when its checks pass") : null,
        };
    }

    private static (string Said, string? Why) Split(string body)
    {
        int help = body.IndexOf(Help, StringComparison.Ordinal);
        string text = (help < 0 ? body : body[..help]).Trim();
        int because = text.IndexOf(Because, StringComparison.Ordinal);
        return because < 0 ? (text, null) : (text[..because].Trim(), text[(because + Because.Length)..].Trim().TrimEnd('.'));
    }
}
