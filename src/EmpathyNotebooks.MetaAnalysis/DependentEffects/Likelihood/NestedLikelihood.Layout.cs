namespace EmpathyNotebooks.MetaAnalysis;

/// <content>How the effects lie in groups of groups.</content>
internal sealed partial class NestedLikelihood
{
    /// <summary>The likelihood of a model of this kind, or null for another.</summary>
    public static NestedLikelihood? TryCreate(MixedModel model)
    {
        if (model.Errors.Clusters.Count > 0 || model.Terms.Any(t => t.Dimension != 1 || t.ElementCount != 1 || t.Relation is not null)) return null;
        int[] finestFirst = [.. Enumerable.Range(0, model.Terms.Count).OrderByDescending(t => model.Terms[t].GroupNames.Length)];
        var k = model.Count;
        var hasLeaf = finestFirst.Length > 0 && model.Terms[finestFirst[0]].GroupNames.Length == k;
        var order = new int[k];
        for (var i = 0; i < k; i++) order[i] = i;
        for (var t = hasLeaf ? 1 : 0; t < finestFirst.Length; t++)
        {
            var term = model.Terms[finestFirst[t]];
            if (t > (hasLeaf ? 1 : 0) && !IsInside(model.Terms[finestFirst[t - 1]], term)) return null;
            order = Sorted(order, term);
        }
        var starts = new List<int[]>();
        // The first member of each group one level down.
        int[] members = [.. Enumerable.Range(0, k)];
        for (var t = hasLeaf ? 1 : 0; t < finestFirst.Length; t++)
        {
            var groups = model.Terms[finestFirst[t]].Groups;
            var (begin, heads) = (new List<int>(), new List<int>());
            for (var m = 0; m < members.Length; m++)
            {
                if (m > 0 && groups[order[members[m]]] == groups[order[members[m - 1]]]) continue;
                begin.Add(m);
                heads.Add(members[m]);
            }
            starts.Add([.. begin, members.Length]);
            members = [.. heads];
        }
        starts.Add([0, members.Length]);
        return new NestedLikelihood(model, order, [.. starts], finestFirst, hasLeaf);
    }

    private static bool IsInside(RandomTerm fine, RandomTerm coarse)
    {
        var outer = new int[fine.GroupNames.Length];
        Array.Fill(outer, -1);
        for (var i = 0; i < fine.Groups.Length; i++)
        {
            ref var known = ref outer[fine.Groups[i]];
            if (known < 0) known = coarse.Groups[i];
            else if (known != coarse.Groups[i]) return false;
        }
        return true;
    }

    /// <summary>The rows by group, in the order they had within each.</summary>
    private static int[] Sorted(int[] order, RandomTerm term)
    {
        var next = new int[term.GroupNames.Length + 1];
        foreach (var group in term.Groups) next[group + 1]++;
        for (var g = 1; g < next.Length; g++) next[g] += next[g - 1];
        var sorted = new int[order.Length];
        foreach (var row in order) sorted[next[term.Groups[row]]++] = row;
        return sorted;
    }
}
