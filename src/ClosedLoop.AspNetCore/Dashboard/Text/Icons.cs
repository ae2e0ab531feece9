namespace ClosedLoop.AspNetCore.Dashboard.Text;

/// <summary>The marks of the page's one sprite, by the name that refers to them. Shapes differ, so that nobody has to tell colours apart.</summary>
internal static class Icons
{
    public const string Passed = "i-passed";
    public const string Failed = "i-failed";
    public const string Running = "i-running";
    public const string Waiting = "i-waiting";
    public const string None = "i-none";
    public const string Waived = "i-waived";
    public const string Hand = "i-hand";
    public const string Regressed = "i-regressed";
    public const string Late = "i-late";
    public const string Blind = "i-blind";
    public const string Warning = "i-warning";
    public const string Link = "i-link";
    public const string Theme = "i-theme";
}
