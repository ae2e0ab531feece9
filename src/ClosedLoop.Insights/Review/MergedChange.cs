namespace ClosedLoop.Insights.Review;

/// <summary>A merged pull request and how it was judged.</summary>
/// <param name="Change">Its id.</param>
/// <param name="Class">Its class at the merge; null when it was never classified, or for another head only.</param>
/// <param name="ByHuman">Whether a person approved or merged it; null when nobody knows, which counts as yes.</param>
/// <param name="WasReverted">Whether it was reverted afterwards.</param>
public sealed record MergedChange(string Change, ReviewClass? Class, bool? ByHuman, bool WasReverted = false);
